from odoo import api, fields, models


class DealerCarDocument(models.AbstractModel):
    """A document that is about cars: orders, transfers, entries."""

    _name = "dealer.car.document"
    _description = "Document with Cars"
    #: paths of fields from the document to its cars
    _dealer_car_paths = ()

    dealer_vehicle_ids = fields.Many2many(
        "dealer.vehicle", string="Cars", compute="_compute_dealer_vehicle_ids"
    )
    dealer_vehicle_count = fields.Integer(
        string="Number of Cars", compute="_compute_dealer_vehicle_ids"
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends(lambda self: self._dealer_car_paths)
    def _compute_dealer_vehicle_ids(self):
        """Cars that the user may see; one may stand with a sister company by now."""
        readable = self._dealer_get_cars()._filtered_access("read")
        field = self._fields["dealer_vehicle_ids"]
        for document in self:
            cars = document._dealer_get_cars() & readable
            # an assignment asks for the right to read cars even when there are none: people
            # without any role of ours could open no order
            field._update_cache(document, cars._ids)
            document.dealer_vehicle_count = len(cars)

    def _dealer_get_cars(self):
        return self.env["dealer.vehicle"].union(*map(self.mapped, self._dealer_car_paths))

    def action_view_dealer_vehicles(self):
        """Open the cars of these documents."""
        return self.dealer_vehicle_ids._get_records_action(name=self.env._("Cars"))
