from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Quotations keep cars for a while; confirmed orders keep them for good."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_hold_ids = fields.One2many("dealer.vehicle.hold", "order_id", string="Holds")
    dealer_hold_count = fields.Integer(string="Cars Held", compute="_compute_dealer_hold_count")

    @api.depends("dealer_hold_ids.state")
    def _compute_dealer_hold_count(self):
        for order in self:
            # sudo: who reads the order may be no salesperson
            holds = order.sudo().dealer_hold_ids
            order.dealer_hold_count = len(
                holds.filtered(lambda hold: hold.state in ("active", "waiting"))
            )

    def _dealer_vehicle_error_message(self):
        """A car that a colleague holds for another customer cannot be promised."""
        return super()._dealer_vehicle_error_message() or (
            self.order_line.dealer_vehicle_id._get_hold_error(self.partner_id, self)
        )

    def _action_confirm(self):
        res = super()._action_confirm()
        self.env["dealer.vehicle.hold"]._settle_lines(self.order_line)
        return res

    def _action_cancel(self):
        """A cancelled order needs no car; whoever waits for one gets it."""
        vehicles = self.order_line.dealer_vehicle_id
        res = super()._action_cancel()
        self.env["dealer.vehicle.hold"]._release_orders(self)
        self.env["dealer.vehicle.hold"]._activate_next(vehicles)
        return res

    # === ACTIONS ===
    def action_dealer_hold_cars(self):
        """Keep the cars of this quotation for its customer while he thinks about it."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("A confirmed order holds its cars already."))
        vehicles = self.order_line.dealer_vehicle_id
        if not vehicles:
            raise UserError(self.env._("Choose a car on the order lines first."))
        Hold = self.env["dealer.vehicle.hold"]
        own = Hold._search_in_force(vehicles).filtered(
            lambda hold: hold._is_for(self.partner_id, self)
        )
        Hold.create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "partner_id": self.partner_id.id,
                    "order_id": self.id,
                    "company_id": self.company_id.id,
                }
                for vehicle in vehicles - own.vehicle_id
            ]
        )
        own.filtered(lambda hold: not hold.order_id).order_id = self
        return True

    def action_view_dealer_holds(self):
        """Open the holds of these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_vehicle_hold_action"
        )
        return dict(action, domain=[("order_id", "in", self.ids)], context={})
