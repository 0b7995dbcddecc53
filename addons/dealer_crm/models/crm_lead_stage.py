from odoo import api, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """From lead to delivery: stages are left with what they ask for; orders move leads on."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        if vals.get("stage_id") and not self.env.su:
            self._dealer_check_stage(self.env["crm.stage"].browse(vals["stage_id"]))
        return super().write(vals)

    def _dealer_check_stage(self, stage):
        """Refuse to go on while a stage on the way lacks something; going back is free.

        :raise UserError: says what is missing
        """
        for lead in self:
            if not stage.dealer_code or stage.sequence <= lead.stage_id.sequence:
                continue
            passed = self.env["crm.stage"].search(
                [
                    ("sequence", ">=", lead.stage_id.sequence),
                    ("sequence", "<", stage.sequence),
                    ("team_ids", "in", [False, *lead.team_id.ids]),
                ]
            )
            missing = lead._dealer_get_missing(passed.dealer_criterion_ids)
            if missing:
                raise UserError(
                    self.env._(
                        "%(lead)s does not go to “%(stage)s” yet. Missing: %(missing)s.",
                        lead=lead.display_name,
                        stage=stage.name,
                        missing=", ".join(missing.mapped("name")),
                    )
                )

    def _dealer_get_missing(self, criteria):
        """Which of these criteria the lead does not meet."""
        self.ensure_one()
        return criteria.filtered(lambda item: not self._dealer_meets(item.code))

    def _dealer_meets(self, code):
        check = getattr(self, f"_dealer_meets_{code}", None)
        return check is None or bool(check())

    def _dealer_meets_contact_way(self):
        return self.phone or self.email_from

    def _dealer_meets_first_talk(self):
        return self.dealer_last_contact_date

    def _dealer_meets_person_name(self):
        return self.contact_name or self.partner_name or self.partner_id

    def _dealer_meets_wish(self):
        if self.dealer_wish_kind == "seller":
            return self.dealer_old_vehicle_id or self.dealer_old_name
        return any(wish.series_id or wish.model_id for wish in self.dealer_wish_ids)

    def _dealer_meets_graded(self):
        return self.dealer_level_kind == "intention"

    def _dealer_meets_visit(self):
        return self.dealer_visit_ids

    def _dealer_meets_quotation(self):
        return self.order_ids.filtered(lambda order: order.state != "cancel")

    # === ORDERS ===
    def _dealer_to_stage(self, code):
        """Move leads on to a stage of the trade; never back."""
        if not self:
            return
        stage = self.env["crm.stage"].search([("dealer_code", "=", code)], limit=1)
        # sudo: documents move leads, whatever is missing on the way
        for lead in self.sudo():
            if stage and lead.stage_id.sequence < stage.sequence:
                lead.stage_id = stage

    @api.model
    def _dealer_set_kind(self, leads, kind, reason):
        level = self.env["dealer.intention.level"]._get_by_kind(kind)
        if leads and level:
            leads._dealer_set_level(level, reason)

    def _dealer_note_order(self, order):
        """An order is confirmed: level O until the delivery."""
        leads = self.filtered(lambda lead: lead.dealer_level_kind not in ("ordered", "delivered"))
        lost = leads.filtered(lambda lead: not lead.active)
        lost.sudo().action_unarchive()  # sudo: the order proves that the customer was not lost
        self._dealer_set_kind(leads, "ordered", order.name)
        self._dealer_to_stage("ordered")

    def _dealer_note_delivery(self, order):
        """The customer has his car: the lead is done, care begins."""
        self._dealer_set_kind(self, "delivered", order.name)
        self._dealer_to_stage("delivered")

    def _dealer_note_cancellation(self, order):
        """The order is cancelled: the customer is as keen as he was before it."""
        stage = self.env["crm.stage"].search([("dealer_code", "=", "quotation")], limit=1)
        # sudo: cancelling moves leads back whoever owns them
        for lead in self.sudo():
            if lead.dealer_level_kind != "ordered" or lead.order_ids.filtered(
                lambda other: other.state == "sale"
            ):
                continue
            before = lead.dealer_level_log_ids.filtered(
                lambda log: log.level_to_id.kind == "ordered"
            )[:1].level_from_id
            level = before or self.env["dealer.intention.level"]._get_by_kind("new")
            lead._dealer_set_level(level, self.env._("Order %(order)s cancelled", order=order.name))
            if stage:
                lead.write({"stage_id": stage.id, "probability": lead.automated_probability})
