from odoo import fields, models

from .dealer_vehicle_pdi import PDI_KINDS
from .sale_order_line_gate import DeliveryBlocker


class SaleOrderLine(models.Model):
    """What the hand-over itself asks for before a car leaves."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_delivery_ids = fields.One2many("dealer.delivery", "sale_line_id", string="Deliveries")
    dealer_registration_ids = fields.One2many(
        "dealer.registration", "sale_line_id", string="Registrations"
    )

    def _dealer_get_delivery_blockers(self):
        """Add inspection (code ``pdi``), insurance (``insured``) and signed list (``handover``)."""
        blockers = super()._dealer_get_delivery_blockers()
        for line in self.filtered("dealer_vehicle_id"):
            company = line.company_id
            if company.dealer_gate_pdi:
                problem = line.dealer_vehicle_id._dealer_get_pdi_problem()
                if problem:
                    blockers[line.id].append(
                        DeliveryBlocker(
                            "pdi", problem, self.env._("inspector, technician or stock keeper")
                        )
                    )
            if company.dealer_gate_insured:
                problem = line._dealer_get_insurance_problem()
                if problem:
                    blockers[line.id].append(
                        DeliveryBlocker(
                            "insured",
                            problem,
                            self.env._(
                                "finance and insurance or the consultant, in the registration"
                            ),
                        )
                    )
            if company.dealer_gate_handover and not line._dealer_is_handed_over():
                blockers[line.id].append(
                    DeliveryBlocker(
                        "handover",
                        self.env._("The customer has not signed the hand-over list."),
                        self.env._("consultant, on the delivery of the order"),
                    )
                )
        return blockers

    def _dealer_get_insurance_problem(self):
        """Why the car may not be on the road with its buyer, in words, else nothing.

        No vehicle is driven without compulsory insurance (Road Traffic Safety Law, Article 17). It
        is judged on the day of the appointment; when the car really leaves, on that day.
        """
        self.ensure_one()
        if self.dealer_vehicle_id.kind not in PDI_KINDS:
            return None
        registration = self.dealer_registration_ids[:1]
        if not registration:
            return self.env._("No compulsory insurance is recorded: open the registration.")
        return registration._get_insurance_problem(self._dealer_get_leaving_day())

    def _dealer_get_leaving_day(self):
        """The day on which the car leaves or is to leave, where the company is."""
        self.ensure_one()
        moments = [fields.Datetime.now()]
        if not self.env.context.get("dealer_leaves_now"):
            planned = self.dealer_delivery_ids.filtered(lambda plan: plan.state == "planned")
            moments += planned.mapped("date_start")
        return self.env["dealer.parameter"]._get_local_day(max(moments), self.company_id)

    def _dealer_is_handed_over(self):
        """Whether the customer has signed for the car that the line is about."""
        self.ensure_one()
        return any(
            delivery.state == "done" and delivery.vehicle_id == self.dealer_vehicle_id
            for delivery in self.dealer_delivery_ids
        )

    def _dealer_lines_to_deliver(self):
        """Lines of confirmed orders whose car still has to leave."""
        return self.filtered("dealer_vehicle_held")

    def _dealer_prepare_delivery(self):
        """The delivery of each line that is not finished, made where there is none."""
        deliveries = self.dealer_delivery_ids.filtered(
            lambda delivery: delivery.state in ("draft", "planned")
        )
        missing = self - deliveries.sale_line_id
        return deliveries | self.env["dealer.delivery"].create(
            [line._prepare_dealer_delivery_vals() for line in missing]
        )

    def _prepare_dealer_delivery_vals(self):
        """Values of the delivery of this line."""
        self.ensure_one()
        bays = self.order_id.warehouse_id.dealer_delivery_bay_ids
        return {"sale_line_id": self.id, "bay_id": bays.id if len(bays) == 1 else False}

    def _dealer_moves_to_hand_over(self):
        """Moves by which the car of this line leaves, and what goes along with it.

        What else was sold goes with the last car of the order that is still here.
        """
        self.ensure_one()
        lines = self.order_id.order_line
        if lines._dealer_lines_to_deliver() - self:
            return self.move_ids
        return self.move_ids | lines.filtered(lambda line: not line.dealer_vehicle_id).move_ids
