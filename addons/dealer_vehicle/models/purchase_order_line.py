from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseOrderLine(models.Model):
    """Line that buys one named car: one line, one car, so that the cost of the car is exact."""

    _name = "purchase.order.line"
    _inherit = ["dealer.car.order.line", "purchase.order.line"]

    dealer_vehicle_expected = fields.Boolean(
        string="Car Expected",
        compute="_compute_dealer_vehicle_expected",
        store=True,
        help="The car is ordered and has not arrived yet.",
    )

    _dealer_vehicle_quantity = models.Constraint(
        "CHECK(dealer_vehicle_id IS NULL OR product_qty = 1)",
        "A line with a car buys exactly one car, otherwise two cars would share one cost."
        " Add another line for another car.",
    )
    _dealer_vehicle_expected_unique = models.UniqueIndex(
        "(dealer_vehicle_id) WHERE dealer_vehicle_expected",
        "This car is already expected on another purchase order."
        " Receive or cancel that order first.",
    )

    @api.depends("dealer_vehicle_id", "state", "move_ids.state")
    def _compute_dealer_vehicle_expected(self):
        for line in self:
            line.dealer_vehicle_expected = bool(
                line.dealer_vehicle_id
                and line.state == "purchase"
                and not any(move.state == "done" for move in line.move_ids)
            )

    def _dealer_claims_car(self):
        # sudo: buyers may not read stock moves
        came = any(move.state == "done" for move in self.sudo().move_ids)
        return super()._dealer_claims_car() and not came

    def write(self, vals):
        """The car of a line is settled once it has come or been billed: the cost is its own."""
        if "dealer_vehicle_id" in vals:
            for line in self:
                changes = line.dealer_vehicle_id.id not in (False, vals["dealer_vehicle_id"])
                if changes and (line.qty_received or line.qty_invoiced):
                    raise UserError(
                        self.env._(
                            "%(car)s has been received or billed on order %(order)s, so the line"
                            " keeps it. Return and credit it, then order the other car.",
                            car=line.dealer_vehicle_id.display_name or line.product_id.display_name,
                            order=line.order_id.name,
                        )
                    )
        return super().write(vals)

    def _get_product_purchase_description(self, product_lang):
        """The vendor reads on the order which car it is."""
        description = super()._get_product_purchase_description(product_lang)
        if self.dealer_vehicle_id:
            description += "\n" + self.dealer_vehicle_id._get_document_description()
        return description

    def _prepare_stock_move_vals(self, picking, price_unit, product_uom_qty, product_uom):
        """A car that was ours once comes from where it went, usually *Customers*.

        Received from *Vendors*, its serial number would stand in two places at once.
        """
        vals = super()._prepare_stock_move_vals(picking, price_unit, product_uom_qty, product_uom)
        # sudo: buyers may not read lots
        left_at = self.sudo().dealer_vehicle_id.lot_id.location_id
        if left_at and not left_at._should_be_valued():
            vals["location_id"] = left_at.id
        return vals

    def _prepare_account_move_line(self, move=False):
        vals = super()._prepare_account_move_line(move=move)
        if self.dealer_vehicle_id:
            vals["dealer_vehicle_id"] = self.dealer_vehicle_id.id
        return vals
