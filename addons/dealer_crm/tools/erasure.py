"""Forgetting a person: texts are emptied, or the person is struck out of what is kept."""

ANONYMOUS = "***"


def forget_texts(records, names):
    """Empty texts of documents, and take away what was said and filed with them.

    :param names: fields; what must be filled gets ``***``
    """
    if not records:
        return
    records.with_context(tracking_disable=True).write(
        {name: ANONYMOUS if records._fields[name].required else False for name in names}
    )
    if "message_ids" in records._fields:
        records.message_ids.unlink()
    records.env["ir.attachment"].search(
        [
            ("res_model", "=", records._name),
            ("res_id", "in", records.ids),
            ("res_field", "=", False),
        ]
    ).unlink()


def strike_out(text, words):
    """The text without the words that name a person, longest word first.

    >>> strike_out("Zhang San, 13800138000", ["Zhang San", "Zhang", "13800138000"])
    '***, ***'
    >>> strike_out(False, ["Zhang"])
    False
    """
    for word in sorted(words, key=len, reverse=True) if text else ():
        text = text.replace(word, ANONYMOUS)
    return text


def strike_out_of(records, words):
    """Strike a person out of all texts of documents that are kept."""
    names = [
        name
        for name, field in records._fields.items()
        if field.type in ("char", "text", "html")
        and field.store
        and not (field.compute or field.related or field.translate)
    ]
    for record in records.with_context(tracking_disable=True):
        struck = {name: strike_out(record[name], words) for name in names}
        changed = {name: text for name, text in struck.items() if text != record[name]}
        if changed:
            record.write(changed)
