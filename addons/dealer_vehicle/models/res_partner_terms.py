from odoo import api, models
from odoo.exceptions import UserError

#: Terms of a contact beside those whose names begin with ``property_account``.
TERMS = (
    "credit_limit",
    "property_inbound_payment_method_line_id",
    "property_outbound_payment_method_line_id",
    "property_payment_term_id",
    "property_supplier_payment_term_id",
    "trust",
    "use_partner_credit_limit",
)


class ResPartner(models.Model):
    """Many people enter and correct contacts; taxes, accounts and credit are for accounting."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            chosen = self._dealer_pick_terms(vals)
            usual = self.default_get(list(chosen)) if chosen else {}
            self._dealer_check_terms(
                name for name, value in chosen.items() if value and value != usual.get(name)
            )
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_check_firms()
        for name, value in self._dealer_pick_terms(vals).items():
            field = self._fields[name]
            if any(field.convert_to_write(one[name], one) != value for one in self):
                self._dealer_check_terms([name])
        return super().write(vals)

    def _track_prepare(self, fields_iter):
        """OVERRIDE mail: read what is tracked with one statement.

        Odoo counts the invoices of a contact in a transaction of its own that reads field by
        field: some fifteen statements for each invoice and each payment.
        """
        if not self.env.context.get("prefetch_fields", True):
            tracked = self._track_get_fields().intersection(fields_iter)
            # sudo: is compared, and shown to nobody
            self.sudo().fetch([name for name in tracked if self._fields[name].store])
        return super()._track_prepare(fields_iter)

    def _dealer_check_firms(self):
        """Refuse to rewrite the own company, and firms that are paid, to who sells and serves.

        Contracts and invoices print the one; bills go to the others.
        """
        user = self.env.user
        if (
            self.env.su
            or user._dealer_keeps_taxes()
            or not user.has_group("dealer_base.group_employee")
        ):
            return
        buys = user.has_group("purchase.group_purchase_user")
        for partner in self.sudo():  # sudo: what a contact is, is no secret to who changes him
            if partner.ref_company_ids or (
                partner.is_company and partner.supplier_rank and not buys
            ):
                raise UserError(
                    self.env._(
                        "%(partner)s is changed by accounting, or by who buys from there.",
                        partner=partner.display_name,
                    )
                )

    @api.model
    def _dealer_pick_terms(self, vals):
        """The terms among the values; none for those who keep the books."""
        if self.env.su or self.env.user._dealer_keeps_taxes():
            return {}
        return {
            name: value
            for name, value in vals.items()
            if name in self._fields and (name in TERMS or name.startswith("property_account"))
        }

    @api.model
    def _dealer_check_terms(self, names):
        """Refuse to change the terms of a contact."""
        for name in names:
            raise UserError(
                self.env._(
                    'The field "%(field)s" of a contact is set by accounting. Ask there, and save'
                    " the rest without it.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
