from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Orders tell their lead, and deals that are agreed but stuck have somebody to save them."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_stuck_kind = fields.Selection(
        [
            ("price", "Price not settled"),
            ("finance", "Loan not approved"),
            ("trade_in", "Old car"),
            ("car", "No car"),
            ("papers", "Papers missing"),
            ("money", "Customer does not pay"),
            ("customer", "Customer hesitates"),
            ("other", "Other"),
        ],
        string="Stuck By",
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Why an agreed deal does not go on.",
    )
    dealer_stuck_note = fields.Char(string="What Holds It", copy=False)
    dealer_stuck_user_id = fields.Many2one(
        "res.users",
        string="Saved By",
        copy=False,
        index="btree_not_null",
        help="Who gets the deal going again.",
    )
    dealer_stuck_until = fields.Date(string="Save Until", copy=False)
    dealer_stuck_since = fields.Date(string="Stuck Since", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.opportunity_id._dealer_to_stage("quotation")
        return orders

    def write(self, vals):
        if "dealer_stuck_kind" in vals:
            day = fields.Date.context_today(self) if vals["dealer_stuck_kind"] else False
            for order in self:
                if not order.dealer_stuck_kind or not day:
                    super(SaleOrder, order).write({"dealer_stuck_since": day})
        res = super().write(vals)
        if vals.get("dealer_stuck_user_id") or vals.get("dealer_stuck_until"):
            self._dealer_plan_saving()
        return res

    def _dealer_plan_saving(self):
        """Whoever saves a deal has it on his list of the day."""
        for order in self.filtered("dealer_stuck_kind"):
            order.activity_unlink(["dealer_crm.mail_activity_type_save_deal"])
            order.with_context(mail_activity_quick_update=True).activity_schedule(
                "dealer_crm.mail_activity_type_save_deal",
                date_deadline=order.dealer_stuck_until or fields.Date.context_today(order),
                user_id=(order.dealer_stuck_user_id or order.user_id or self.env.user).id,
                summary=order.dealer_stuck_note,
            )

    def action_dealer_unstuck(self):
        """The deal goes on."""
        self.write(
            {
                "dealer_stuck_kind": False,
                "dealer_stuck_note": False,
                "dealer_stuck_user_id": False,
                "dealer_stuck_until": False,
            }
        )
        self.activity_unlink(["dealer_crm.mail_activity_type_save_deal"])
        return True

    # === LEADS ===
    def action_confirm(self):
        res = super().action_confirm()
        for order in self.filtered(lambda order: order.state == "sale" and order.opportunity_id):
            order.opportunity_id._dealer_note_order(order)
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        for order in self.filtered("opportunity_id"):
            order.opportunity_id._dealer_note_cancellation(order)
        return res

    def _dealer_note_delivered(self):
        """All cars of the order are with the customer."""
        for order in self.filtered("opportunity_id"):
            cars = order.order_line.filtered(
                lambda line: line.dealer_deal_type == "car" and line.product_uom_qty > 0
            )
            if cars and all(line._dealer_was_delivered() for line in cars):
                order.opportunity_id._dealer_note_delivery(order)

    def action_dealer_contact(self):
        """Note a contact with the customer of the order."""
        self.ensure_one()
        if not self.opportunity_id:
            raise UserError(self.env._("This order has no lead. Note the talk in its messages."))
        return self.opportunity_id.action_dealer_contact()
