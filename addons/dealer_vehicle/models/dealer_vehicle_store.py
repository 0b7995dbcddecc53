from odoo import api, fields, models
from odoo.fields import Domain


class DealerVehicle(models.Model):
    """What a car cost is known to the store that has it and to the one that sells it.

    Cars are seen in every store of the company; their costs are not. The fields of costs ask here
    with the rights of the reader and are empty for a car of another store; code that computes
    with costs for everybody reads them as superuser, or takes ``_get_unit_costs``.
    """

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    cost_is_known = fields.Boolean(
        compute="_compute_cost_is_known",
        groups="dealer_base.group_vehicle_cost",
        help="No: the car is a matter of another store, and its costs are not shown.",
    )

    @api.depends_context("uid")
    @api.depends("warehouse_id", "sale_line_id", "purchase_line_id")
    def _compute_cost_is_known(self):
        known = self._dealer_with_known_cost()
        for vehicle in self:
            vehicle.cost_is_known = vehicle in known

    def _dealer_with_known_cost(self):
        """Those of these cars whose costs the user may read; all of them for superuser."""
        domain = self._dealer_get_cost_domain()
        if domain.is_true():
            return self
        # sudo: the order that sells the car may not be the reader's
        return self & self.sudo().filtered_domain(domain)

    @api.model
    def _dealer_get_cost_domain(self):
        """Condition of the cars whose costs the user may read.

        That is the store where the car stands and the store whose order has it; a car that is
        nowhere yet belongs to the store that has bought it.
        """
        stores = () if self.env.su else self.env.user._dealer_get_money_store_ids()
        if not stores:
            return Domain.TRUE
        buyer = "purchase_line_id.order_id.picking_type_id.warehouse_id"
        nowhere = Domain("warehouse_id", "=", False) & Domain("sale_line_id", "=", False)
        bought = Domain("purchase_line_id", "=", False) | Domain(buyer, "in", [*stores, False])
        return (
            Domain("warehouse_id", "in", stores)
            | Domain("sale_line_id.order_id.warehouse_id", "in", stores)
            | (nowhere & bought)
        )
