"""The deal that is measured: one car bought, received, sold, delivered, invoiced and paid.

`StockDeal` works on plain Odoo with a serial-tracked, lot-valuated FIFO product. `SuiteDeal` does
the same through our addons: the car is a `dealer.vehicle`, named on the purchase and sale lines.
Each step is called in a transaction of its own and finds the earlier documents by their ids.
"""

from odoo.fields import Command

#: The six steps, in order; the names are the methods of the deals.
STEPS = ("purchase", "receive", "sell", "deliver", "invoice", "pay")

PURCHASE_PRICE = 120_000
SALE_PRICE = 135_000

_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def make_vin(series, number):
    """Return a fictional VIN with a right check digit.

    :param series: one letter that keeps the users of this function apart
    :param number: up to seven digits; the last six are the serial number

    >>> make_vin("A", 1)
    'LZZBA0008T0000001'
    """
    text = f"LZZB{series}{number // 1_000_000:03d}0T0{number % 1_000_000:06d}"
    rest = (
        sum(
            weight * (int(char) if char.isdigit() else _VIN_VALUES[char])
            for weight, char in zip(_VIN_WEIGHTS, text, strict=True)
        )
        % 11
    )
    return f"{text[:8]}{'X' if rest == 10 else rest}{text[9:]}"


#: A deal is measured without approval, inspection and papers: people's work.
GATES_OFF = {
    "dealer_price_guard_cost": False,
    "dealer_price_without_rule": "free",
    "dealer_gate_money": "none",
    "dealer_gate_purchase": False,
    "dealer_gate_pdi": False,
    "dealer_gate_handover": False,
    "dealer_gate_papers": False,
    "dealer_gate_insured": False,
}


class StockDeal:
    """The flow on plain Odoo."""

    def __init__(self, series):
        self.series = series
        self.number = 0

    def prepare(self, env):
        """Create what a deal needs: partners and a product."""
        self.customer_id = env["res.partner"].create({"name": f"Bench Customer {self.series}"}).id
        self.vendor_id = env["res.partner"].create({"name": f"Bench Vendor {self.series}"}).id
        self.product_id = self._make_product(env).id

    def _make_product(self, env):
        category = env["product.category"].create(
            {
                "name": f"Bench Cars {self.series}",
                "property_cost_method": "fifo",
                "property_valuation": "real_time",
            }
        )
        return env["product.product"].create(
            {
                "name": f"Bench {self.series}",
                "categ_id": category.id,
                "is_storable": True,
                "tracking": "serial",
                "lot_valuated": True,
                "list_price": SALE_PRICE,
            }
        )

    def begin(self):
        """Start another deal: the next car."""
        self.number += 1
        self.vin = make_vin(self.series, self.number)

    # === STEPS ===

    def purchase(self, env):
        """Order the car from the vendor and confirm."""
        order = self._create_purchase(env, [self.vin])
        order.button_confirm()
        self.purchase_id = order.id

    def receive(self, env):
        """Create the lot and receive it."""
        self._receive(env, env["purchase.order"].browse(self.purchase_id), [self.vin])

    def sell(self, env):
        """Sell the car and confirm."""
        order = env["sale.order"].create(
            {
                "partner_id": self.customer_id,
                "order_line": [Command.create(self._prepare_sale_line_vals())],
            }
        )
        order.action_confirm()
        self.sale_id = order.id

    def deliver(self, env):
        """Reserve the car and deliver it."""
        picking = env["sale.order"].browse(self.sale_id).picking_ids
        picking.action_assign()
        picking.button_validate()
        self._check(picking.state == "done", "the car is delivered")
        self._check(picking.move_line_ids.lot_id.name == self.vin, "this very car is delivered")

    def invoice(self, env):
        """Invoice the order and post."""
        invoice = env["sale.order"].browse(self.sale_id)._create_invoices()
        invoice.action_post()
        self.invoice_id = invoice.id

    def pay(self, env):
        """Register the payment and reconcile it."""
        invoice = env["account.move"].browse(self.invoice_id)
        wizard = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({})._create_payments()
        self._check(invoice.payment_state in ("paid", "in_payment"), "the invoice is paid")

    # === PARTS OF THE STEPS ===

    def _create_purchase(self, env, vins):
        return env["purchase.order"].create(
            {
                "partner_id": self.vendor_id,
                "order_line": [
                    Command.create(vals) for vals in self._prepare_purchase_line_vals(env, vins)
                ],
            }
        )

    def _prepare_purchase_line_vals(self, env, vins):
        return [
            {"product_id": self.product_id, "product_qty": 1, "price_unit": PURCHASE_PRICE}
            for _vin in vins
        ]

    def _prepare_sale_line_vals(self):
        return {"product_id": self.product_id, "product_uom_qty": 1, "price_unit": SALE_PRICE}

    def _receive(self, env, order, vins):
        picking = order.picking_ids
        lots = env["stock.lot"].create(
            [{"name": vin, "product_id": self.product_id} for vin in vins]
        )
        for move, lot in zip(picking.move_ids, lots, strict=True):
            move.lot_ids = lot
            move.picked = True
        picking.button_validate()
        self._check(picking.state == "done", "the cars are received")

    def fill_stock(self, env, cars):
        """Buy and receive cars that stay in stock, one purchase line each."""
        vins = [make_vin(self.series, 100_000 + number) for number in range(cars)]
        order = self._create_purchase(env, vins)
        order.button_confirm()
        self._receive(env, order, vins)

    @staticmethod
    def _check(condition, what):
        if not condition:
            raise AssertionError(f"The flow is broken, this does not hold: {what}")


class SuiteDeal(StockDeal):
    """The flow through our addons: the car itself is on the orders."""

    def prepare(self, env):
        """Create what a deal needs, in a company that asks for nothing before delivery."""
        env.company.write(GATES_OFF)
        return super().prepare(env)

    def _make_product(self, env):
        brand = env["fleet.vehicle.model.brand"].create({"name": f"Bench Brand {self.series}"})
        series = env["dealer.vehicle.series"].create(
            {"name": f"Bench Series {self.series}", "brand_id": brand.id}
        )
        model = env["fleet.vehicle.model"].create(
            {
                "name": f"Bench Trim {self.series}",
                "brand_id": brand.id,
                "dealer_series_id": series.id,
            }
        )
        self.model_id = model.id
        return self._create_vehicles(env, [make_vin(self.series, 0)])._get_or_create_product()

    def _create_vehicles(self, env, vins):
        return env["dealer.vehicle"].create(
            [{"vin": vin, "model_id": self.model_id, "kind": "new"} for vin in vins]
        )

    def _prepare_purchase_line_vals(self, env, vins):
        vehicles = self._create_vehicles(env, vins)
        self.vehicle_id = vehicles[0].id
        return [
            {
                "product_id": vehicle._get_or_create_product().id,
                "dealer_vehicle_id": vehicle.id,
                "product_qty": 1,
                "price_unit": PURCHASE_PRICE,
            }
            for vehicle in vehicles
        ]

    def _prepare_sale_line_vals(self):
        return super()._prepare_sale_line_vals() | {"dealer_vehicle_id": self.vehicle_id}

    def _receive(self, env, order, vins):
        """The receipt names the cars already; nobody types a VIN."""
        picking = order.picking_ids
        picking.button_validate()
        self._check(picking.state == "done", "the cars are received")
        received = sorted(picking.move_line_ids.lot_id.mapped("name"))
        self._check(received == sorted(vins), "these very cars are received")


KINDS = {"stock": StockDeal, "suite": SuiteDeal}
