from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerCarOrderLine(models.AbstractModel):
    """Line that sells or buys one named car: one line, one car."""

    _name = "dealer.car.order.line"
    _description = "Order Line of a Car"

    #: Field with the quantity ordered.
    _dealer_quantity_field = "product_qty"

    dealer_vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", index="btree_not_null", ondelete="restrict", copy=False
    )

    def _dealer_claims_car(self):
        """Whether the car still has to come, or to go, on this line."""
        self.ensure_one()
        return self.dealer_vehicle_id and self[self._dealer_quantity_field] > 0

    @api.onchange("dealer_vehicle_id")
    def _onchange_dealer_vehicle_id(self):
        """Choosing the car chooses the product."""
        if self.dealer_vehicle_id:
            self.product_id = self.dealer_vehicle_id._get_or_create_product()
            self[self._dealer_quantity_field] = 1

    @api.constrains("dealer_vehicle_id", "product_id")
    def _check_dealer_product(self):
        """A line with a car is about that car and nothing else."""
        error = self.env["dealer.vehicle"]._get_line_error(self)
        if error:
            raise ValidationError(error)

    @api.constrains(lambda self: ("dealer_vehicle_id", "order_id", self._dealer_quantity_field))
    def _check_dealer_vehicle_once(self):
        """An order sells, or buys, a car once."""
        error = self.filtered("dealer_vehicle_id").order_id._dealer_get_repeated_error()
        if error:
            raise ValidationError(error)

    @api.model_create_multi
    def create(self, vals_list):
        """Each car brings its product."""
        return super().create(
            self.env["dealer.vehicle"]._fill_line_products(
                vals_list, quantity=self._dealer_quantity_field
            )
        )
