from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.phone import phone_key


class ResPartner(models.Model):
    """Who looks after a customer, and with whom the file is shared."""

    _name = "res.partner"
    _inherit = ["dealer.fact.mixin", "res.partner"]

    #: Written by steps: the law binds the one, the clock of the pool the other.
    _fact_fields = frozenset(
        {"dealer_anonymised_on", "dealer_protected_until", "dealer_restricted"}
    )

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
            new = [vals for vals in vals_list if self._dealer_is_new_person(vals)]
            self._dealer_check_unknown(new)
            for vals in new:
                vals["user_id"] = self.env.uid
        return super().create(vals_list)

    @api.model
    def _dealer_check_unknown(self, vals_list):
        """One person, one file: who is known by his telephone gets no second one.

        Managers may enter a second person with the number of the first, as families have.
        """
        keys = {phone_key(vals["phone"]) for vals in vals_list if vals.get("phone")} - {""}
        for person in self._dealer_find_people(keys).values() if keys else ():
            # sudo: names the colleague to talk to; the file is named to who may open it
            known = person.sudo()
            if not known.dealer_is_customer:
                continue
            if person.has_access("read"):
                raise UserError(
                    self.env._(
                        "%(name)s has this telephone number already. Open that file instead of"
                        " making a second one.",
                        name=known.name,
                    )
                )
            raise UserError(
                self.env._(
                    "%(owner)s looks after a customer with this telephone number already. Ask "
                    "for the customer to be shared with you, or tell your manager.",
                    owner=known.user_id.name,
                )
            )

    def write(self, vals):
        """Consultants take who is nobody's and release who is theirs; managers hand over."""
        if "user_id" in vals and self._dealer_is_own_only():
            self._check_dealer_owner_change(vals["user_id"])
        if (
            not vals.get("dealer_is_customer", True)
            and self._dealer_is_own_only()
            and any(partner.dealer_is_customer for partner in self)
        ):
            raise AccessError(self.env._("A manager takes people out of the customer file."))
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
    def _dealer_check_customers(self, vals_list, name, operation="read"):
        """Refuse a document for a customer of a colleague, whose number somebody may know.

        :param name: field of the values that holds the contact
        :param operation: what the user must be allowed to do with the file
        :raise AccessError: the file of a customer is closed to the user
        """
        if self._dealer_is_own_only():
            self.browse({vals[name] for vals in vals_list if vals.get(name)}).check_access(
                operation
            )

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
