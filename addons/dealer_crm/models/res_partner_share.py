from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    """Who looks after a customer, and with whom the file is shared."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    user_id = fields.Many2one(tracking=True)
    dealer_share_ids = fields.One2many("dealer.customer.share", "partner_id", "Shares")
    dealer_active_share_ids = fields.One2many(
        "dealer.customer.share",
        "partner_id",
        "Shared with",
        domain=[("revoked_on", "=", False)],
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A consultant who enters a person looks after that person."""
        if self._dealer_is_own_only():
            for vals in vals_list:
                if self._dealer_is_new_person(vals):
                    vals["user_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        """Consultants take who is nobody's and release who is theirs; managers hand over."""
        if "user_id" in vals and self._dealer_is_own_only():
            self._check_dealer_owner_change(vals["user_id"])
        return super().write(vals)

    def _dealer_is_own_only(self):
        return not self.env.su and not self.env.user._dealer_serves_all_customers()

    @api.model
    def _dealer_is_new_person(self, vals):
        """Whether the values are those of a new person without anybody to look after."""
        is_address = vals.get("parent_id") or vals.get("type", "contact") != "contact"
        is_other = vals.get("is_company") or vals.get("supplier_rank")
        is_company = vals.get("company_type") == "company"
        is_supplier = self.env.context.get("res_partner_search_mode") == "supplier"
        return not (is_address or is_other or is_company or is_supplier or vals.get("user_id"))

    def _check_dealer_owner_change(self, user_id):
        """:raise AccessError: a consultant gives a customer to another or takes a colleague's"""
        me = self.env.user
        for partner in self.filtered("dealer_is_customer"):
            takes = user_id == me.id and partner.user_id in (me, me.browse())
            releases = not user_id and partner.user_id in (me, me.browse())
            if not takes and not releases:
                raise AccessError(
                    self.env._(
                        "A manager hands %(name)s over to another colleague.", name=partner.name
                    )
                )

    @api.model
    def _dealer_check_customers(self, vals_list, name):
        """Refuse a document for a customer of a colleague, whose number somebody may know.

        :param name: field of the values that holds the contact
        :raise AccessError: the file of a customer is closed to the user
        """
        if self._dealer_is_own_only():
            self.browse({vals[name] for vals in vals_list if vals.get(name)}).check_access("read")

    def _dealer_become_customer(self, user):
        """A person who inquired or bought is a customer, and somebody looks after him.

        :param user: who does, unless somebody does already; may be empty
        """
        for partner in self.sudo():  # sudo: consultants may not give a file to anybody
            if partner.is_company or not partner.partner_share or partner.supplier_rank:
                continue
            vals = {} if partner.dealer_is_customer else {"dealer_is_customer": True}
            if user and not partner.user_id and not user.share:
                vals["user_id"] = user.id
            if vals:
                partner.write(vals)

    def _dealer_protect(self):
        """Begin the time in which inquiries of the people go to who looks after them.

        The first valid lead protects; more inquiries do not lengthen the time.
        """
        now = fields.Datetime.now()
        # sudo: a fact that nobody writes by hand
        free = self.sudo().filtered(
            lambda partner: (
                partner.user_id
                and (not partner.dealer_protected_until or partner.dealer_protected_until < now)
            )
        )
        if free:
            days = self.env["dealer.parameter"]._get_value("lead_protection_days")
            free.write({"dealer_protected_until": now + timedelta(days=int(days))})

    def action_dealer_share(self):
        """Ask with whom, how far, why and until when the customer is shared."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share Customer"),
            "res_model": "dealer.customer.share",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
