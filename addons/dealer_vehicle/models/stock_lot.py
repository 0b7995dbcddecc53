from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class StockLot(models.Model):
    """The life of one of our cars in stock and in the books."""

    _inherit = "stock.lot"

    dealer_vehicle_ids = fields.One2many("dealer.vehicle", "lot_id", string="Car")
    dealer_product_policy = fields.Selection(
        related="product_id.categ_id.dealer_product_policy", store=True
    )

    _dealer_vin_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0)) WHERE dealer_product_policy IS NOT NULL",
        "There is already a car with this VIN in the stock records, perhaps under another product."
        " Look the VIN up among the vehicles and use that car.",
    )

    @api.depends("quant_ids", "quant_ids.quantity")
    def _compute_single_location(self):
        """OVERRIDE stock: a car stands where its quantity is, whoever owned it on the way.

        A car sold on consignment leaves a quant with its owner at the customer; when we buy it
        back, Odoo takes an ownerless one from there and would see the car in two places.
        """
        cars = self.filtered("dealer_product_policy")
        res = super(StockLot, self - cars)._compute_single_location()
        for lot in cars:
            quantities = defaultdict(float)
            for quant in lot.quant_ids:
                quantities[quant.location_id] += quant.quantity
            places = [place for place, quantity in quantities.items() if quantity > 0]
            lot.location_id = places[0] if len(places) == 1 else False
        return res

    # === COST ===
    def write(self, vals):
        """What a car is and what it cost follow from its documents."""
        if "standard_price" in vals and not self.env.su:
            self._dealer_check_cost_derived(vals["standard_price"])
        if {"company_id", "name", "product_id"} & vals.keys() and not self.env.su:
            self._dealer_check_named()
        return super().write(vals)

    def _dealer_check_named(self):
        """Refuse another VIN or trim for a car in the books: car and serial number would differ."""
        for vehicle in self.sudo().dealer_vehicle_ids:  # sudo: to be refused, whoever asks
            raise UserError(
                self.env._(
                    "%(vin)s is the serial number of a car. A manager corrects the VIN on the car,"
                    " with a reason.",
                    vin=vehicle.lot_id.name,
                )
            )

    def _dealer_check_cost_derived(self, cost):
        """Refuse a cost by hand: Odoo would let stock keepers change the margin of a sale.

        A new serial number begins with the cost of its product.
        """
        for lot in self.filtered("dealer_product_policy"):
            if not lot.standard_price and cost == lot.product_id.standard_price:
                continue
            raise UserError(
                self.env._(
                    "The cost of %(vin)s follows from its purchase, bills and landed costs and is"
                    " not entered by hand.",
                    vin=lot.name,
                )
            )

    def _update_standard_price(self):
        """OVERRIDE stock_account: who receives a car need not be allowed to write its cost."""
        # sudo: as above
        return super(StockLot, self.sudo())._update_standard_price()

    # === VALUE ===
    def _dealer_flat_valued(self):
        """Lots whose value is simply the cost they carry times what stands in stock."""
        products = self.product_id.filtered(lambda product: product._dealer_is_flat_valued())
        return self.filtered(lambda lot: lot.id and lot.product_id in products)

    @api.depends(
        "product_id.lot_valuated",
        "product_id.product_tmpl_id.lot_valuated",
        "quant_ids.quantity",
        "standard_price",
    )
    @api.depends_context("to_date", "company", "warehouse_id")
    def _compute_value(self):
        """OVERRIDE stock_account: all cars of the batch in one statement, not some ten for each.

        See ``product.product._dealer_lot_values``, which values the products the same way.
        """
        flat = self._dealer_flat_valued()
        res = super(StockLot, self - flat)._compute_value()
        quantities = flat._dealer_quantities()
        company = self.env.company
        for lot in flat:
            lot.company_currency_id = company.currency_id
            lot.total_value = lot.standard_price * quantities.get(lot.id, 0.0)
        return res

    @api.depends("product_id.lot_valuated")
    @api.depends_context("to_date")
    def _compute_avg_cost(self):
        """OVERRIDE stock_account: one car costs what its serial number says."""
        flat = self._dealer_flat_valued()
        res = super(StockLot, self - flat)._compute_avg_cost()
        quantities = flat._dealer_quantities()
        for lot in flat:
            lot.avg_cost = lot.standard_price if quantities.get(lot.id) else 0.0
        return res

    def _dealer_quantities(self):
        """Our own quantity of each lot in the stock of the company, by lot id."""
        company = self.env.company
        # sudo: the value is not a matter of who may see the place
        return {
            lot.id: quantity
            for lot, quantity in self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("lot_id", "in", self.ids),
                    ("location_id.company_id", "=", company.id),
                    ("location_id.usage", "in", ("internal", "transit")),
                    ("owner_id", "in", (False, company.partner_id.id)),
                ],
                ["lot_id"],
                ["quantity:sum"],
            )
        }

    def _dealer_last_in_moves(self):
        """Last valued receipt of each lot, as a dict, in one statement."""
        if not self.ids:
            return {}
        self.env["stock.move"].flush_model(["is_in", "date", "state"])
        self.env["stock.move.line"].flush_model(["lot_id", "move_id"])
        rows = self.env.execute_query(
            SQL(
                """
                  SELECT DISTINCT ON (line.lot_id) line.lot_id, move.id
                    FROM stock_move_line line
                    JOIN stock_move move ON move.id = line.move_id
                   WHERE line.lot_id IN %s AND move.is_in
                ORDER BY line.lot_id, move.date DESC, move.id DESC
                """,
                tuple(self.ids),
            )
        )
        lots = self.browse([lot_id for lot_id, _move_id in rows]).with_prefetch(self._prefetch_ids)
        moves = self.env["stock.move"].browse([move_id for _lot_id, move_id in rows])
        return dict(zip(lots, moves, strict=True))

    def _update_standard_price(self):
        """The cost of a car follows its bill whoever posts it.

        Odoo writes the new cost of a product as superuser, but that of a lot as the accountant,
        who may not write on lots: without this, no accountant could post the bill of a car.
        """
        # sudo: accountants post bills, only stock users may write on lots
        return super(StockLot, self.sudo())._update_standard_price()
