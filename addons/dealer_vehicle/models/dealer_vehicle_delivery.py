from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .dealer_vehicle_pdi import PDI_KINDS


class DealerVehicle(models.Model):
    """What keeps a sold car here, and what is guaranteed from the day it left."""

    _name = "dealer.vehicle"
    _inherit = ["dealer.vehicle", "dealer.blocker.panel"]

    delivery_ids = fields.One2many("dealer.delivery", "vehicle_id", string="Deliveries", copy=False)
    delivery_count = fields.Integer(string="Hand-Overs", compute="_compute_delivery_count")
    warranty_start_date = fields.Date(
        string="Guarantee From",
        compute="_compute_warranty",
        store=True,
        help="Day of the latest hand-over to a customer.",
    )
    warranty_end_date = fields.Date(
        string="Repair Guarantee Until",
        compute="_compute_warranty",
        store=True,
        help="Maker's repair period (包修期), or its kilometres if they are reached before.",
    )
    guarantee_end_date = fields.Date(
        string="Three Guarantees Until",
        compute="_compute_warranty",
        store=True,
        help="Period of exchange and return (三包有效期) for consumers, or its kilometres if they"
        " are reached before. Firms have the maker's repair period only.",
    )

    @api.depends("delivery_ids")
    def _compute_delivery_count(self):
        counts = dict(
            self.env["dealer.delivery"]._read_group(
                [("vehicle_id", "in", self.ids)], ["vehicle_id"], ["__count"]
            )
        )
        for vehicle in self:
            vehicle.delivery_count = counts.get(vehicle, 0)

    @api.depends(
        "delivery_ids.state",
        "delivery_ids.handed_over_on",
        "kind",
        "model_id.dealer_warranty_months",
        "model_id.dealer_guarantee_months",
    )
    def _compute_warranty(self):
        """Periods of a new car: they begin with the hand-over and end on the same calendar day.

        The first day is not counted (Civil Code Art. 201, 202), so the last day is the same day of
        the month.
        """
        for vehicle in self:
            done = vehicle.delivery_ids.filtered(lambda delivery: delivery.state == "done")
            latest = done.sorted("handed_over_on")[-1:]
            start = latest._get_handover_day() if latest and vehicle.kind in PDI_KINDS else False
            vehicle.warranty_start_date = start
            vehicle.warranty_end_date = vehicle._get_guarantee_end(start, "dealer_warranty_months")
            vehicle.guarantee_end_date = vehicle._get_guarantee_end(
                start and not latest.partner_id.is_company and start, "dealer_guarantee_months"
            )

    def _get_guarantee_end(self, start, name):
        """Last day of a period of the trim, or False without a first day."""
        self.ensure_one()
        months = start and self.model_id._dealer_get_guarantee(name, start)
        return start and start + relativedelta(months=months)

    def _get_blocker_lines(self):
        return self.sale_line_id._dealer_lines_to_deliver()

    def action_view_deliveries(self):
        """Open the hand-overs of these cars."""
        return self.delivery_ids._get_records_action(name=self.env._("Deliveries"))
