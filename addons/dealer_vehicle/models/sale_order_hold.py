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

    # === DEPOSITS ===
    def _dealer_get_car_error(self, vehicle):
        """Why a car of this quotation cannot be kept for its customer, else nothing."""
        self.ensure_one()
        holders = self.order_line._dealer_search_holders(vehicle)
        return vehicle._get_hold_error(self.partner_id, self) or vehicle._get_sale_error(
            holders, company=self.company_id
        )

    def _dealer_hold_for_deposit(self):
        """Keep the cars of quotations with money on them, as far as nobody else has them.

        :return: the cars that are kept
        """
        Hold = self.env["dealer.vehicle.hold"].sudo()  # sudo: cashiers hold no cars themselves
        kept = self.env["dealer.vehicle"]
        for order in self.sudo():  # sudo: as above
            if order.state not in ("draft", "sent") or order.dealer_deposit_paid <= 0:
                continue
            vehicles = order.order_line.dealer_vehicle_id
            vehicles._dealer_lock_for_promise()
            Hold._expire_lapsed(vehicles)
            for vehicle in vehicles:
                if order._dealer_get_car_error(vehicle):
                    continue
                hold = Hold._search_in_force(vehicle)
                if not hold:
                    Hold.create(order._dealer_prepare_deposit_hold(vehicle))
                elif not hold.is_hard:  # one of the customer without money
                    hold.order_id = order
                kept |= vehicle
        return kept

    def _dealer_prepare_deposit_hold(self, vehicle):
        """Values of the hold that a deposit makes."""
        self.ensure_one()
        return {
            "vehicle_id": vehicle.id,
            "partner_id": self.partner_id.id,
            "order_id": self.id,
            "user_id": (self.user_id or self.env.user).id,
            "company_id": self.company_id.id,
            "is_from_deposit": True,
        }

    def _dealer_release_without_deposit(self):
        """The money has gone back: end the holds that it made."""
        empty = self.filtered(lambda order: order.dealer_deposit_paid <= 0)
        holds = empty.dealer_hold_ids.filtered(
            lambda hold: hold.is_from_deposit and hold.state == "active"
        )
        holds._end("released", self.env._("The deposit has gone back"))

    def _dealer_tell_salesperson(self, text):
        """Note on the order that its salesperson gets as a message."""
        for order in self:
            order.message_post(
                body=text,
                partner_ids=(order.user_id.partner_id - self.env.user.partner_id).ids,
                subtype_xmlid="mail.mt_note",
            )

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
