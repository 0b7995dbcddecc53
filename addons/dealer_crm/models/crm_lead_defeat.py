from odoo import fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """A lead is lost by an agreed defeat only."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_defeat_ids = fields.One2many("dealer.defeat", "lead_id", string="Defeats")
    dealer_defeat_pending = fields.Boolean(
        string="Defeat in Review", compute="_compute_dealer_defeat_pending"
    )
    dealer_competitor_ids = fields.One2many(
        "dealer.competitor.quote", "lead_id", string="Offers of Competitors"
    )

    def _compute_dealer_defeat_pending(self):
        groups = self.env["dealer.defeat"]._read_group(
            [("lead_id", "in", self.ids), ("state", "=", "applied")], ["lead_id"]
        )
        pending = {lead.id for (lead,) in groups}
        for lead in self:
            lead.dealer_defeat_pending = lead.id in pending

    def write(self, vals):
        if vals.get("active") is False:
            self._dealer_check_may_lose()
        elif vals.get("active") and not self.env.su:
            self._dealer_check_not_defeated()
        return super().write(vals)

    def _dealer_check_may_lose(self):
        """Salespeople apply for a defeat; managers may close leads at once."""
        if self.env.su or self.env.user.has_group("dealer_base.group_sales_manager"):
            return
        if not self.env.user.has_group("dealer_base.group_employee"):
            return
        raise UserError(
            self.env._("Apply for a defeat and say why: the sales manager closes the customer.")
        )

    def action_dealer_defeat(self):
        """Open the application."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply for Defeat"),
            "res_model": "dealer.defeat",
            "view_mode": "form",
            "view_id": self.env.ref("dealer_crm.dealer_defeat_view_form_apply").id,
            "target": "new",
            "context": {"default_lead_id": self.id},
        }

    def _dealer_check_not_defeated(self):
        """Refuse to open what a manager agreed to close: "Revive" begins a new follow-up."""
        for lead in self:
            # sudo: the level may be written, that the manager has agreed may not
            agreed = "agreed" in lead.sudo().dealer_defeat_ids.mapped("state")
            if not lead.active and (agreed or lead.dealer_level_kind == "defeated"):
                raise UserError(
                    self.env._(
                        "%(lead)s was closed by a defeat: press “Revive”.", lead=lead.display_name
                    )
                )

    def action_dealer_revive(self):
        """Open the lead again by reviving its last agreed defeat."""
        self.ensure_one()
        defeat = self.dealer_defeat_ids.filtered(lambda d: d.state == "agreed")[:1]
        if not defeat:
            raise UserError(self.env._("This customer was not closed by a defeat."))
        return defeat.action_revive()
