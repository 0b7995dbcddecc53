import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..tools.phone import phone_key

STARS = "****"

# kinds of masks
PHONE = "phone"
EMAIL = "email"


def mask_phone(text):
    """The number with its middle hidden.

    >>> mask_phone("13800138000"), mask_phone("+86 138 0013 8000"), mask_phone("021-12345678")
    ('138****8000', '138****8000', '021****5678')
    >>> mask_phone("12345"), mask_phone(False)
    ('****', False)
    """
    if not text:
        return text
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
    return f"{digits[:3]}{STARS}{digits[-4:]}" if len(digits) >= 9 else STARS


def is_spelling_of(text, typed):
    """Whether a text is what somebody typed, in another spelling of a number or an address.

    :param typed: what was typed, or nothing
    """
    if not typed:
        return False
    digits = "".join(filter(str.isdigit, typed))
    if len(digits) >= 7 and "@" not in typed:
        return "".join(filter(str.isdigit, text)).endswith(digits.lstrip("0"))
    return text.strip().lower() == typed.strip().lower()


def mask_email(text):
    """The address with its name hidden.

    >>> mask_email("wang.fang@example.com"), mask_email('"Wang" <a@example.com>'), mask_email("x")
    ('w****@example.com', '****@example.com', '****')
    """
    if not text:
        return text
    match = re.search(r"([^\s<>@\"]+)@([^\s<>@]+)", text)
    if not match:
        return STARS
    name, domain = match.groups()
    return f"{name[:1] if len(name) > 1 else ''}{STARS}@{domain}"


def mask_id_number(text):
    """First 6 and last 4 characters, as printed on tickets and receipts.

    >>> mask_id_number("11010519491231002X"), mask_id_number("12345")
    ('110105********002X', '****')
    """
    if not text:
        return text
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}" if len(text) > 10 else STARS


MASKS = {PHONE: mask_phone, EMAIL: mask_email}

# these compare with a complete value: nothing can be guessed bit by bit
EQUALITY = ("=", "!=", "in", "not in")
NEGATIVE_LIKE = {f"not {operator}": operator for operator in ("like", "ilike", "=like", "=ilike")}


class DealerMaskedMixin(models.AbstractModel):
    """Telephone and mail are shown with stars to who need not see them.

    They are hidden where data leaves the server: reading (lists, forms, kanban, RPC), searching,
    grouping and export; the ways that lead here from other models are watched by
    ``dealer_masked_base.py``. Programs on the server keep working with the true values. Whoever
    needs one opens it with a reason (``dealer.unmask``); that is logged, and lasts for some
    minutes.

    A model names its fields in ``_dealer_masked_fields``: field → kind of mask.
    """

    _name = "dealer.masked.mixin"
    _description = "Masked Personal Data"

    _dealer_masked_fields = {}
    # who looks after a record calls the customer: he sees it without asking, unless the house
    # says otherwise (parameter owner_sees_contact_data)
    _dealer_owner_field = "user_id"
    # whose data the record repeats: a lead of a shared customer does not open the colleague's file
    _dealer_person_field = None

    # === WHO SEES ===

    def _dealer_get_opened_ids(self):
        """Ids of the records of which the user sees the data in full.

        They are those that he has opened with a reason a short time ago, and his own.
        """
        opened = self.env["dealer.unmask.log"]._dealer_get_open_ids(self)
        if self.env["dealer.parameter"]._get_value("owner_sees_contact_data"):
            # sudo: only whether the user is the owner
            for record in self.sudo():
                if record[self._dealer_owner_field] != self.env.user:
                    continue
                person = self._dealer_person_field and record[self._dealer_person_field]
                if not person or person.user_id in (self.env.user, person.user_id.browse()):
                    opened.add(record._origin.id)
        return opened

    @api.model
    def _dealer_get_opened_domain(self):
        """Condition of the records of which the user sees the data in full (as above)."""
        domain = Domain("id", "in", self.env["dealer.unmask.log"]._dealer_get_open_ids(self))
        if self.env["dealer.parameter"]._get_value("owner_sees_contact_data"):
            own = Domain(self._dealer_owner_field, "=", self.env.uid)
            if self._dealer_person_field:
                own &= Domain(self._dealer_person_field, "=", False) | Domain(
                    self._dealer_person_field, "any!", [("user_id", "in", [self.env.uid, False])]
                )
            domain |= own
        return domain

    # === READING ===

    def _read_format(self, fnames, load="_classic_read"):
        """OVERRIDE base: what a client gets."""
        rows = super()._read_format(fnames, load)
        masked = [name for name in fnames if name in self._dealer_masked_fields]
        if not masked or not self._dealer_needs_mask():
            return rows
        opened = self._dealer_get_opened_ids()
        for record, row in zip(self.browse([row["id"] for row in rows]), rows, strict=True):
            stored = record._origin
            # a form in the making: what the user has just typed is his own
            if not stored or stored.id in opened:
                continue
            for name in masked:
                mask = MASKS[self._dealer_masked_fields[name]]
                if row.get(name) and (record == stored or mask(row[name]) == mask(stored[name])):
                    row[name] = mask(row[name])
        return rows

    # === SEARCHING ===

    @api.model
    def _search_display_name(self, operator, value):
        """OVERRIDE base: names are found by any part, mail addresses only when complete."""
        if not self._dealer_needs_mask():
            return super()._search_display_name(operator, value)
        if operator in NEGATIVE_LIKE:
            return ~Domain(self._search_display_name(NEGATIVE_LIKE[operator], value))
        return self._dealer_guard_domain(Domain(super()._search_display_name(operator, value)))

    @api.model
    def _search_phone_mobile_search(self, operator, value):
        """OVERRIDE phone_validation: see ``_dealer_guard_match``."""
        if not isinstance(value, str) or not self._dealer_needs_mask():
            return super()._search_phone_mobile_search(operator, value)
        if operator in NEGATIVE_LIKE:
            return ~Domain(self._search_phone_mobile_search(NEGATIVE_LIKE[operator], value))
        match = Domain(super()._search_phone_mobile_search(operator, value))
        return self._dealer_guard_match(Domain("phone", operator, value), match)

    @api.model
    def _dealer_guard_match(self, condition, match=None):
        """What a condition on a masked field may find.

        Whether a number begins with some digits is told only of records that the user sees in
        full; or it could be guessed digit by digit. A complete number or address finds its record:
        who has it on the telephone knows it.

        :param condition: one on a masked field of this model
        :param match: the domain that stands for it, the condition itself by default
        """
        name, operator, value = condition.field_expr, condition.operator, condition.value
        if operator in EQUALITY or (operator.endswith("like") and not value):
            return match or condition
        if operator in NEGATIVE_LIKE:
            return ~self._dealer_guard_match(Domain(name, NEGATIVE_LIKE[operator], value))
        guarded = self._dealer_get_opened_domain() & (match or condition)
        if operator.endswith("like") and isinstance(value, str):
            guarded |= self._dealer_get_complete_domain(name, value.strip())
        return guarded

    @api.model
    def _dealer_get_complete_domain(self, name, value):
        """Condition that a masked field holds exactly a value, in whatever spelling."""
        domain = Domain(name, "=", value)
        if self._dealer_masked_fields[name] == PHONE and "dealer_phone_key" in self._fields:
            key = phone_key(value)
            domain |= Domain("dealer_phone_key", "=", key) if key else Domain.FALSE
        elif self._dealer_masked_fields[name] == EMAIL and "email_normalized" in self._fields:
            address = email_normalize(value)
            domain |= Domain("email_normalized", "=", address) if address else Domain.FALSE
        return domain

    # === WRITING ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._dealer_drop_masks(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_drop_masks(vals)
        return super().write(vals)

    def _dealer_drop_masks(self, vals):
        """A value with stars came from a masked screen: the true one stays.

        :raise UserError: somebody edited the stars
        """
        for name in [name for name in vals if name in self._dealer_masked_fields]:
            value = vals[name]
            if not isinstance(value, str) or STARS not in value:
                continue
            mask = MASKS[self._dealer_masked_fields[name]]
            # sudo: compares with the true value, shows nothing
            if self and any(mask(record[name]) != value for record in self.sudo()):
                raise UserError(
                    self.env._("Open the number first, or enter the new one completely.")
                )
            del vals[name]

    # === UNMASKING ===

    def action_dealer_unmask(self):
        """Ask for the reason, then show what is hidden."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Show Personal Data"),
            "res_model": "dealer.unmask",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }
