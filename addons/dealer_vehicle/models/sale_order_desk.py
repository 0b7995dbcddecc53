from odoo import api, fields, models

#: Amounts of the deal sheet by the parts of a deal that they sum up; ``False`` is any other line.
TOTALS = {
    "dealer_bare_price": ("car",),
    "dealer_tax_total": ("purchase_tax", "vessel_tax"),
    "dealer_insurance_total": ("ctpl", "commercial_insurance"),
    "dealer_plate_total": ("plate_fee", "plate_service"),
    "dealer_accessory_total": ("accessory",),
    "dealer_service_total": (
        "extended_warranty",
        "finance_service",
        "other_service",
        "gift",
        False,
    ),
}


class SaleOrder(models.Model):
    """The price of a deal from the guide price (指导价) to the drive-away price (落地价).

    Amounts are what the customer pays, tax included, in the currency of the order.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_guide_total = fields.Monetary(
        string="Guide Price",
        compute="_compute_dealer_guide_total",
        store=True,
        help="Guide prices of the cars on the day of the order. A car without one counts with its"
        " price.",
    )
    dealer_discount_total = fields.Monetary(
        string="Cash Discount",
        compute="_compute_dealer_discount_total",
        store=True,
        help="What is let off the guide price, trade-in subsidies not counted.",
    )
    dealer_bare_price = fields.Monetary(
        string="Bare Price",
        compute="_compute_dealer_totals",
        store=True,
        help="Price of the cars alone, tax included: the amount of the car invoice.",
    )
    dealer_tax_total = fields.Monetary(
        string="Taxes of the Buyer",
        compute="_compute_dealer_totals",
        store=True,
        help="Vehicle purchase tax and vehicle and vessel tax.",
    )
    dealer_insurance_total = fields.Monetary(
        string="Insurance", compute="_compute_dealer_totals", store=True
    )
    dealer_plate_total = fields.Monetary(
        string="Plates", compute="_compute_dealer_totals", store=True
    )
    dealer_accessory_total = fields.Monetary(
        string="Accessories", compute="_compute_dealer_totals", store=True
    )
    dealer_service_total = fields.Monetary(
        string="Other Services", compute="_compute_dealer_totals", store=True
    )
    dealer_drive_away_total = fields.Monetary(
        string="Drive-Away Price",
        compute="_compute_dealer_totals",
        store=True,
        help="All that the customer pays to drive away, before his old car is set off.",
    )
    dealer_agency_total = fields.Monetary(
        string="Agency Money",
        compute="_compute_dealer_totals",
        store=True,
        help="Part of the drive-away price that is collected for others.",
    )
    dealer_gift_total = fields.Monetary(
        string="Gifts",
        compute="_compute_dealer_totals",
        store=True,
        help="What the gifts would have cost the customer.",
    )

    @api.depends(
        "order_line.dealer_guide_price",
        "order_line.price_total",
        "order_line.product_uom_qty",
        "order_line.dealer_deal_type",
    )
    def _compute_dealer_guide_total(self):
        for order in self:
            order.dealer_guide_total = sum(
                line.dealer_guide_price * line.product_uom_qty or line.price_total
                for line in order.order_line
                if line.dealer_deal_type == "car"
            )

    @api.depends("dealer_guide_total", "dealer_bare_price", "dealer_trade_in_ids.dealer_subsidy")
    @api.depends("dealer_trade_in_ids.maker_subsidy")
    def _compute_dealer_discount_total(self):
        for order in self:
            subsidies = order.dealer_trade_in_ids
            order.dealer_discount_total = (
                order.dealer_guide_total
                - order.dealer_bare_price
                - sum(subsidies.mapped("dealer_subsidy"))
                - sum(subsidies.mapped("maker_subsidy"))
            )

    @api.depends(
        "order_line.price_total",
        "order_line.dealer_deal_type",
        "order_line.dealer_is_agency",
        "order_line.dealer_gift_value",
    )
    def _compute_dealer_totals(self):
        """Every line is in exactly one amount, so that they add up to the drive-away price."""
        for order in self:
            lines = order.order_line.filtered(lambda line: not line.display_type)
            for name, deal_types in TOTALS.items():
                order[name] = sum(
                    line.price_total for line in lines if line.dealer_deal_type in deal_types
                )
            order.dealer_drive_away_total = sum(lines.mapped("price_total"))
            order.dealer_agency_total = sum(
                lines.filtered("dealer_is_agency").mapped("price_total")
            )
            order.dealer_gift_total = sum(lines.mapped("dealer_gift_value"))

    def _dealer_get_car_line(self):
        """The line of the car of a deal with one car, else an empty record."""
        self.ensure_one()
        cars = self.order_line.filtered(
            lambda line: line.dealer_deal_type == "car" and line.product_uom_qty
        )
        is_one = len(cars) == 1 and cars.product_uom_qty == 1
        return cars if is_one else cars.browse()
