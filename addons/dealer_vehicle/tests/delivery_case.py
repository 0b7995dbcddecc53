"""Hand-overs in tests: a bay, a prepared delivery, and the moment at the car."""

import base64

from odoo.tools.misc import file_open

from odoo.addons.dealer_vehicle.models.dealer_delivery import LEGAL_STEPS

from .test_desk_delivery_pdi import DealerPdiCommon


class DealerDeliveryCommon(DealerPdiCommon):
    """Sara hands over in the hall; inspection and signed list are asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"dealer_gate_pdi": True, "dealer_gate_handover": True})
        cls.bay = cls.warehouse.dealer_delivery_bay_ids
        cls.bay.name = "Hall 1"
        with file_open("base/static/img/avatar_grey.png", "rb") as image:
            cls.signature = base64.b64encode(image.read())

    def _deal(self, **kwargs):
        """A car that is in stock, inspected and sold by Sara."""
        car = self._stock()
        order = self._sell(car, **kwargs)
        self._pass_pdi(car)
        return order

    def _prepare_delivery(self, order, user=None):
        order = self._as(user or self.sara, order)
        order.action_plan_delivery()
        return order.dealer_delivery_ids

    def _plan(self, delivery, start="2096-12-01 02:00:00", **vals):
        delivery.write({"date_start": start, "bay_id": self.bay.id, **vals})
        delivery.action_plan()
        return delivery

    def _sign(self, delivery, **vals):
        """Everything has been done with the customer, who signs."""
        delivery.write(
            {
                **dict.fromkeys(LEGAL_STEPS, True),
                "odometer": 12,
                "signed_by": "Li Ming",
                "signature": self.signature,
                **vals,
            }
        )
        return delivery

    def _hand_over(self, order, user=None):
        delivery = self._sign(self._prepare_delivery(order, user))
        delivery.action_hand_over()
        return delivery
