from odoo import fields, models
from odoo.exceptions import UserError

SPLIT_METHODS = [
    ("equal", "Equally"),
    ("by_current_cost_price", "By the cost of the cars"),
]


class DealerVehicleCostEntry(models.TransientModel):
    """A cost of one or several cars in stock: preparation, storage, fitment and the like."""

    _name = "dealer.vehicle.cost.entry"
    _description = "Add a Cost to Cars"

    vehicle_ids = fields.Many2many("dealer.vehicle", string="Cars", required=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Cost",
        required=True,
        domain=[("dealer_cost_kind", "!=", False), ("landed_cost_ok", "=", True)],
        default=lambda self: self.env.ref(
            "dealer_vehicle.product_preparation", raise_if_not_found=False
        ),
    )
    partner_id = fields.Many2one("res.partner", string="Vendor")
    amount = fields.Monetary(required=True, help="Without tax, for all cars together.")
    split_method = fields.Selection(SPLIT_METHODS, required=True, default="equal")

    def action_create(self):
        """Prepare the landed cost, which the accountant checks and posts."""
        self.ensure_one()
        if self.amount <= 0:
            raise UserError(self.env._("Enter the amount."))
        for vehicle in self.vehicle_ids:
            if not vehicle._dealer_has_stock_value():
                raise UserError(
                    self.env._(
                        "%(car)s has no stock value of ours: enter a late cost on the car instead.",
                        car=vehicle.display_name,
                    )
                )
        cost = self.vehicle_ids._create_landed_cost(
            self.product_id.with_company(self.company_id),
            self.amount,
            self.split_method,
            self.partner_id,
        )
        for vehicle in self.vehicle_ids:
            vehicle.message_post(
                body=self.env._(
                    "Cost prepared for the accountant: %(document)s", document=cost.name
                )
            )
        return {"type": "ir.actions.act_window_close"}
