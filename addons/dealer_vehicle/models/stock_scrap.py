from odoo import api, fields, models
from odoo.exceptions import UserError


class StockScrap(models.Model):
    """A car is scrapped by hand only after those have approved it who answer for the loss."""

    _name = "stock.scrap"
    _inherit = ["stock.scrap", "dealer.loss.approval"]
    _state_from = ["draft"]
    _state_to = ["done"]
    _tier_validation_manual_config = False

    warehouse_id = fields.Many2one(related="location_id.warehouse_id", string="Store")

    def _dealer_get_vehicles(self):
        # sudo: the car of a serial number, whoever may see it
        return self.sudo().lot_id.dealer_vehicle_ids

    def _dealer_get_loss(self):
        vehicles = self._dealer_get_vehicles()
        return self._dealer_get_cost_of(vehicles) if vehicles else None

    @api.depends("lot_id", "location_id")
    def _compute_dealer_loss_level(self):
        return super()._compute_dealer_loss_level()

    def _check_state_conditions(self, vals):
        """OVERRIDE engine: asked in ``do_scrap``, before the stock moves."""
        return False

    def do_scrap(self):
        """Refuse a loss that nobody has decided on; Odoo itself (superuser) is not asked."""
        cars = self.filtered(lambda scrap: scrap._dealer_get_vehicles())
        if not self.env.user._is_superuser():
            cars._dealer_check_loss_approved()
        for scrap in cars:
            # sudo: who scraps the car need not sell
            scrap._dealer_get_vehicles()._dealer_leave_orders(scrap.display_name)
        # sudo: what was approved is carried out; the engine would not let its number be written
        return super(StockScrap, self.sudo().with_context(skip_validation_check=True)).do_scrap()

    def write(self, vals):
        """What others decide on does not change under their eyes, whatever the caller's context."""
        fixed = {"product_id", "lot_id", "scrap_qty", "location_id", "scrap_location_id"}
        if not self.env.su and fixed & vals.keys():
            if self.sudo().review_ids:  # sudo: whether approval was asked is no secret
                raise UserError(
                    self.env._("The approval has been asked: take the request back first.")
                )
        return super().write(vals)
