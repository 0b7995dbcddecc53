from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .dealer_derived_mixin import DealerDerivedMixin


class DealerFitmentLine(models.Model):
    """An accessory of a fitment: sold on the order, or on our own account."""

    _name = "dealer.fitment.line"
    _description = "Fitted Accessory"
    _inherit = [DealerDerivedMixin._name]
    _order = "fitment_id, id"
    _rec_name = "product_id"

    _fixed_fields = frozenset({"fitment_id", "sale_line_id"})

    fitment_id = fields.Many2one("dealer.fitment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="fitment_id.company_id", store=True, index=True)
    product_id = fields.Many2one(
        "product.product",
        string="Accessory",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('type', '=', 'consu'), ('dealer_deal_type', 'in', ('accessory', 'gift', False))]",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sold On",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: on our own account, added to the cost of the car.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "Fit at least something of each accessory."
    )

    @api.constrains("fitment_id", "product_id", "sale_line_id")
    def _check_sold(self):
        """The goods of one customer are not fitted on the account of another."""
        # sudo: fitters may not read orders
        for line in self.sudo().filtered("sale_line_id"):
            sold = line.sale_line_id
            if sold.order_id != line.fitment_id.order_id or sold.product_id != line.product_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not what the order of this fitment sells.",
                        product=line.product_id.display_name,
                    )
                )

    @api.constrains("fitment_id", "product_id", "quantity", "sale_line_id")
    def _check_open(self):
        """What has been fitted is in the books."""
        if any(line.fitment_id.state == "done" for line in self):
            raise UserError(self.env._("The fitment is finished: make another one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_open()

    def _prepare_move_vals(self, destination):
        """Values of the issue of an accessory on our own account."""
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom": self.product_id.uom_id.id,
            "location_id": self.fitment_id.warehouse_id.lot_stock_id.id,
            "location_dest_id": destination.id,
        }
