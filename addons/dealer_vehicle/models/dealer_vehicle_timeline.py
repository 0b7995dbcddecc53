from odoo import fields, models


class DealerVehicle(models.Model):
    """Where a sold car is between the order and its plate, as its customer may know."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    def _get_customer_timeline(self):
        """Steps of the present deal: key, label, state in words, whether done, and its day.

        Nothing that is not the customer's business: no prices, no names, no reasons.

        :return: list of dicts, empty for a car that was not sold by us
        """
        self.ensure_one()
        line = self.sale_line_id
        if not line:
            return []
        registration = line.dealer_registration_ids[:1]
        delivery = line.dealer_delivery_ids.filtered(lambda d: d.state in ("planned", "done"))[:1]
        is_delivered = line._dealer_was_delivered()
        appointment = delivery.date_start and fields.Datetime.context_timestamp(
            self, delivery.date_start
        )
        steps = [
            ("ordered", self.env._("Ordered"), True, line.order_id.date_order),
            (
                "built",
                self.env._("Built"),
                bool(self.vin or self.date_in),
                self.production_date,
            ),
            ("arrived", self.env._("At our store"), bool(self.date_in), self.date_in),
        ]
        if self.kind in ("new", "demo"):
            steps.append(
                (
                    "inspected",
                    self.env._("Inspected"),
                    is_delivered or self.pdi_state == "done",
                    False,
                )
            )
        if registration.mode == "service":
            plate = registration.task_ids.filtered(lambda task: task.kind == "plate")
            steps.append(("plated", self.env._("Plated"), plate.state == "done", plate.done_on))
        steps.append(
            (
                "delivered",
                self.env._("Delivered") if is_delivered else self.env._("Delivery"),
                is_delivered,
                self.date_out if is_delivered else appointment and appointment.date(),
            )
        )
        return [
            {
                "key": key,
                "label": label,
                "done": done,
                "state": self.env._("done") if done else self.env._("to come"),
                "date": fields.Date.to_date(day) if day else False,
            }
            for key, label, done, day in steps
        ]
