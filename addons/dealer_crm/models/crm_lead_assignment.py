from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dealer_intention_level import OPEN_KINDS

#: Leads that are handed out at once
BATCH = 500


class CrmLead(models.Model):
    """Which salesperson gets a new lead."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        check_company=True,
        index="btree_not_null",
        help="Store in which the customer is looked after.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if not self.env.context.get("dealer_no_assignment"):
            leads.filtered(lambda lead: not lead.user_id)._dealer_assign()
        return leads

    def write(self, vals):
        if vals.get("dealer_store_id") and self.env["res.partner"]._dealer_is_own_only():
            self._dealer_check_own_store(vals["dealer_store_id"])
        return super().write(vals)

    def _dealer_check_own_store(self, store_id):
        """Refuse a store in which a consultant does not work: his manager would lose sight."""
        own = self.env.user._dealer_get_store_ids()
        moved = self.filtered(lambda lead: lead.dealer_store_id.id != store_id)
        if moved and own and store_id not in own:
            raise UserError(
                self.env._(
                    "%(lead)s: a manager hands a lead over to another store.",
                    lead=moved[0].display_name,
                )
            )

    def _dealer_fill_store(self):
        """Leads without a store belong to that of their salesperson, when he has one only."""
        for (company, user), leads in (
            self.filtered(lambda lead: not lead.dealer_store_id and lead.user_id)
            .grouped(lambda lead: (lead.company_id or self.env.company, lead.user_id))
            .items()
        ):
            # sudo: stores in which colleagues work
            stores = user.sudo().dealer_store_ids.filtered(
                lambda store, company=company: store.company_id == company
            )
            if len(stores) == 1:
                leads.dealer_store_id = stores

    @api.model
    def _dealer_get_waiting_domain(self):
        """Leads that nobody has yet, without those of the pool, which people take themselves."""
        return (
            Domain("user_id", "=", False)
            & Domain("dealer_in_pool", "=", False)
            & Domain("dealer_level_id.kind", "in", OPEN_KINDS)
        )

    def _dealer_assign_waiting(self):
        """Leads that came while nobody was on duty, oldest first.

        All of them: those that no rule fits do not stand in the way of the others.
        """
        last = 0
        while leads := self.search(
            self._dealer_get_waiting_domain() & Domain("id", ">", last), order="id", limit=BATCH
        ):
            last = leads[-1].id
            leads._dealer_assign()
            self.env.flush_all()

    def _dealer_assign(self):
        """Give leads to the people of the first rule that fits each.

        :return: the leads that have an owner now
        """
        leads = self.sudo()  # sudo: who enters a lead may not see how busy colleagues are
        rules = self.env["dealer.assignment.rule"].sudo().search([("active", "=", True)])
        if not rules:
            return leads.browse()
        shares = defaultdict(leads.browse)
        books = {}
        for lead in leads.filtered(lambda lead: not lead.user_id):
            rule = rules._pick(lead)
            if not rule:
                continue
            if rule not in books:
                books[rule] = rule._open_book()
            person = rule._next_person(books[rule])
            if person:
                shares[rule, person, bool(lead.dealer_store_id)] |= lead
        for (rule, person, has_store), share in shares.items():
            vals = {"user_id": person.id}
            if rule.team_id:
                vals["team_id"] = rule.team_id.id
            if rule.store_id and not has_store:
                vals["dealer_store_id"] = rule.store_id.id
            share.write(vals)
            rule._note_assignments(share)
        return leads.browse().union(*shares.values())

    def _dealer_get_assignment_rule(self):
        self.ensure_one()
        # sudo: as above
        rules = self.env["dealer.assignment.rule"].sudo().search([("active", "=", True)])
        return rules._pick(self.sudo())
