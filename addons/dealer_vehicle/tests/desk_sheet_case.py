"""The worked example of the desk: a petrol car for 147,800, invoiced in November 2026."""

from odoo import Command

from .common import DealerVehicleCommon

INVOICE_DAY = "2026-11-22"


class DeskSheetCase(DealerVehicleCommon):
    """A trim with the facts that taxes depend on, and the verbs of the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.petrol = cls._create_trim("Lark 1.5T Deluxe", 159800)
        cls.petrol.write(
            {"default_fuel_type": "gasoline", "dealer_displacement_ml": 1498, "seats": 5}
        )
        cls.electric = cls._create_trim("Lark EV 500", 226000)
        cls.electric.write(
            {"default_fuel_type": "electric", "seats": 5, "dealer_has_nev_relief": True}
        )
        cls._set_rule("vessel_tax_year_1_6", 420)

    @classmethod
    def _set_rule(cls, code, value, **vals):
        """A house rule of the company of the tests."""
        return cls.env["dealer.parameter"].create(
            {
                "code": code,
                "name": code,
                "value": value,
                "unit": "amount",
                "date_from": "2020-01-01",
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def _product(cls, name):
        return cls.env.ref(f"dealer_vehicle.product_{name}")

    def _offer(self, price=147800, trim=None, user=None, **vals):
        """A quotation of one car, price with tax, as a salesperson types it."""
        car = vals.pop("car", None) or self._create_vehicle(model_id=(trim or self.petrol).id)
        Order = self._as(user or self.sara, self.env["sale.order"])
        return Order.create(
            {
                "partner_id": self.customer.id,
                "dealer_invoice_date": INVOICE_DAY,
                "dealer_deviation_reason_id": self.price_reason.id,
                "order_line": [Command.create({"dealer_vehicle_id": car.id, "price_unit": price})],
                **vals,
            }
        )

    def _add(self, order, name, price, **vals):
        """A further line of a deal with a shipped product."""
        order.order_line = [
            Command.create({"product_id": self._product(name).id, "price_unit": price, **vals})
        ]
        return order.order_line[-1]

    def _offer_example(self, **kwargs):
        """The example of the trade: everything around the car, taxes computed."""
        order = self._offer(**kwargs)
        order.action_dealer_compute_services()
        for name, price in (
            ("commercial_insurance", 4200),
            ("plate_service", 500),
            ("accessory", 3000),
        ):
            self._add(order, name, price)
        return order

    def _line(self, order, deal_type):
        return order.order_line.filtered(lambda line: line.dealer_deal_type == deal_type)
