from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.mail.tools.discuss import Store

# What a document needs of its customer although the file is closed to the reader: the name, and
# what prices, taxes and languages follow from. Nothing by which the person could be reached.
OPEN_FIELDS = {
    "name",
    "complete_name",
    "commercial_company_name",
    "company_name",
    "category_id",
    "child_ids",
    "color",
    "create_date",
    "customer_rank",
    "lang",
    "ref_company_ids",
    "supplier_rank",
    "type",
    "tz",
    "user_ids",
    "write_date",
}


class ResPartner(models.Model):
    """Documents of a customer whose file is closed to the reader show the name, and go on."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def _fetch_field(self, field):
        """OVERRIDE base: programs read the name and the terms of a customer of a colleague.

        Only programs: ``read``, ``search`` and export of the contact itself ask ``fetch`` and the
        record rules, and refuse as before. Without this, an order that was left behind when its
        customer was handed over could not be opened at all.
        """
        if self.env.su or not self._dealer_is_open_field(field):
            return super()._fetch_field(field)
        try:
            return super()._fetch_field(field)
        except AccessError:
            if not self.browse().has_access("read"):
                raise
        names = [
            name
            for name, other in self._fields.items()
            if self._dealer_is_open_field(other)
            and (other == field or (field.prefetch and other.prefetch == field.prefetch))
        ]
        # sudo: the customer of a document that the user may read, name and terms only
        return self.sudo().fetch(names)

    def _dealer_is_open_field(self, field):
        if field.name.startswith("dealer_") or not field.store and not field.company_dependent:
            return field.name == "dealer_is_customer"
        return (
            field.name in OPEN_FIELDS
            or bool(field.company_dependent)
            or field.type in ("boolean", "many2one")
        )

    def _to_store_defaults(self, target):
        """OVERRIDE mail: the chatter of a document names a customer, his mail is in his file."""
        names = super()._to_store_defaults(target)
        if self.env.user._dealer_serves_all_customers() or "email" not in names:
            return names
        open_mail = Store.Attr(
            "email",
            lambda partner: partner.email if partner.sudo(False).has_access("read") else False,
        )
        return [open_mail if name == "email" else name for name in names]
