import re

from odoo import api, models
from odoo.exceptions import AccessError, UserError

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


class DealerMaskedMixin(models.AbstractModel):
    """Telephone and mail are shown with stars to who need not see them.

    They are hidden where data leaves the server: reading (lists, forms, kanban, RPC), grouping and
    export. Programs on the server keep working with the true values. Whoever needs one opens it
    with a reason (``dealer.unmask``); that is logged, and lasts for some minutes.

    A model names its fields in ``_dealer_masked_fields``: field → kind of mask.
    """

    _name = "dealer.masked.mixin"
    _description = "Masked Personal Data"

    _dealer_masked_fields = {}
    # who looks after a record calls the customer: he sees it without asking, unless the house
    # says otherwise (parameter owner_sees_contact_data)
    _dealer_owner_field = "user_id"

    # === WHO SEES ===

    def _dealer_sees_unmasked(self):
        """Whether the user sees personal data of everybody in full."""
        return self.env.su or self.env.user.has_group("dealer_base.group_personal_data")

    def _dealer_get_opened_ids(self):
        """Ids of the records that the user has opened with a reason a short time ago."""
        opened = self.env["dealer.unmask.log"]._dealer_get_open_ids(self)
        if self.env["dealer.parameter"]._get_value("owner_sees_contact_data"):
            # sudo: only whether the user is the owner
            for record in self.sudo():
                if record[self._dealer_owner_field] == self.env.user:
                    opened.add(record._origin.id)
        return opened

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

    def _dealer_needs_mask(self):
        """Masks are for people at a screen; portal customers see their own contact."""
        user = self.env.user
        return user._is_internal() and not self._dealer_sees_unmasked()

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """OVERRIDE base: no masked data in an export, whatever way leads to it."""
        if self._dealer_needs_mask() and any(
            part in self._dealer_masked_fields for path in fields for part in path[:1]
        ):
            raise AccessError(
                self.env._("Telephones and mail addresses are exported by those who may see them.")
            )
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model
    def formatted_read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        """OVERRIDE web: the title of a group would show the value."""
        self._dealer_check_groupby([*groupby, *aggregates])
        return super().formatted_read_group(domain, groupby, aggregates, *args, **kwargs)

    @api.model
    def web_read_group(self, domain, groupby, aggregates=(), *args, **kwargs):
        """OVERRIDE web: see ``formatted_read_group``."""
        self._dealer_check_groupby([*groupby, *aggregates])
        return super().web_read_group(domain, groupby, aggregates, *args, **kwargs)

    @api.model
    def read_group(self, domain, fields, groupby, *args, **kwargs):
        """OVERRIDE base: see ``formatted_read_group``."""
        names = [groupby] if isinstance(groupby, str) else groupby
        self._dealer_check_groupby([*names, *fields])
        return super().read_group(domain, fields, groupby, *args, **kwargs)

    def _dealer_check_groupby(self, specs):
        names = {re.split(r"[:.(]", spec)[0] for spec in specs}
        inner = {part for spec in specs for part in re.findall(r"\w+", spec)}
        if (names | inner) & set(self._dealer_masked_fields) and self._dealer_needs_mask():
            raise AccessError(
                self.env._("Telephones and mail addresses are grouped by those who may see them.")
            )

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
