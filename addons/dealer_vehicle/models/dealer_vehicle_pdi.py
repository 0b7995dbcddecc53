from odoo import api, fields, models
from odoo.exceptions import UserError

#: Kinds of cars that are inspected by the maker's list before delivery (交车前检查).
PDI_KINDS = ("new", "demo")


class DealerVehicle(models.Model):
    """The inspection before delivery."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    pdi_state = fields.Selection(
        [
            ("none", "To do"),
            ("open", "In progress"),
            ("failed", "Failed"),
            ("done", "Passed"),
        ],
        string="PDI",
        compute="_compute_pdi_state",
        compute_sudo=True,
        search="_search_pdi_state",
        help="From the latest pre-delivery inspection since the car came into stock.",
    )

    @api.depends("checklist_ids.state", "checklist_ids.line_ids.result", "date_in")
    def _compute_pdi_state(self):
        latest = self._get_latest_pdi()
        for vehicle in self:
            checklist = latest.get(vehicle.id)
            if not checklist:
                vehicle.pdi_state = "none"
            elif checklist.not_ok_count:
                vehicle.pdi_state = "failed"
            else:
                vehicle.pdi_state = "done" if checklist.state == "done" else "open"

    def _get_latest_pdi(self):
        """The inspection that counts, by id of the car.

        One that was finished before the car came (back) into stock says nothing about it now.
        """
        latest = {}
        checklists = self.env["dealer.checklist"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("template_id.dealer_is_pdi", "=", True),
            ],
            order="id",
        )
        arrivals = {vehicle.id: vehicle.date_in for vehicle in self}
        for checklist in checklists:
            arrival = arrivals.get(checklist.res_id)
            done_on = checklist.done_on and (
                fields.Datetime.context_timestamp(self, checklist.done_on).date()
            )
            if not (arrival and done_on and done_on < arrival):
                latest[checklist.res_id] = checklist
        return latest

    @api.model
    def _search_pdi_state(self, operator, value):
        """Cars of our stock by the state of their inspection; others wait for none."""
        if operator != "in":
            return NotImplemented
        cars = self.search(
            [("status", "in", ("on_order", "in_stock", "reserved")), ("kind", "in", PDI_KINDS)]
        )
        return [("id", "in", cars.filtered(lambda car: car.pdi_state in value).ids)]

    def action_start_pdi(self):
        """Start, or go on with, the inspection before delivery, and open it.

        After a failed inspection that was closed, a new one is started: the repair is checked
        as a whole car. A passed one is shown. Whoever may not inspect sees how far it is.
        """
        checklists = self.env["dealer.checklist"]
        latest = self._get_latest_pdi()
        for vehicle in self:
            checklist = latest.get(vehicle.id, checklists)
            if not checklist or (checklist.state == "done" and checklist.not_ok_count):
                template = vehicle.model_id._dealer_get_pdi_template()
                if not template:
                    raise UserError(
                        self.env._(
                            "There is no PDI checklist for %(trim)s. Ask a manager to choose one "
                            "on the trim.",
                            trim=vehicle.model_id.display_name,
                        )
                    )
                checklist = vehicle._start_checklist(template)
            checklists |= checklist
        return checklists._get_records_action(name=self.env._("Pre-Delivery Inspection"))

    def _dealer_get_pdi_problem(self):
        """Why the inspection keeps this car here, in words, else nothing."""
        self.ensure_one()
        if self.kind not in PDI_KINDS or self.pdi_state == "done":
            return None
        checklist = self._get_latest_pdi().get(self.id)
        if not checklist:
            return self.env._("The pre-delivery inspection (PDI) has not been made.")
        failed = checklist.line_ids.filtered(lambda line: line.result == "not_ok")
        if failed:
            return self.env._(
                "The pre-delivery inspection (PDI) found: %(items)s.",
                items=", ".join(failed.mapped("name")),
            )
        return self.env._(
            "The pre-delivery inspection (PDI) is not finished: %(progress)s %% of the items are "
            "answered.",
            progress=checklist.progress,
        )
