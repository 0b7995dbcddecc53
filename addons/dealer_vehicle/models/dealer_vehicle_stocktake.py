from odoo import models


class DealerVehicle(models.Model):
    """Whether a car that stands here can be taken into the stock by a stocktake."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    def _get_take_in_error(self):
        """Why a stocktake may not take this car into the stock, else nothing.

        A car that was written off is found again; every other way in has a document of its own.
        """
        self.ensure_one()
        vehicle = self.sudo()  # sudo: the car may stand in another company
        if vehicle.location_id:
            return self.env._("it stands in the stock of %(name)s", name=vehicle.company_id.name)
        if vehicle.status == "on_order":
            return self.env._(
                "it is expected on %(order)s: receive it there",
                order=vehicle.purchase_line_id.order_id.name,
            )
        if vehicle.status == "sold":
            return self.env._("it was delivered to a customer: enter a return when it came back")
        quants = vehicle.lot_id.quant_ids.filtered(lambda quant: quant.quantity > 0)
        if any(quant.location_id.usage != "inventory" for quant in quants):
            return self.env._("it left us in another way: buy it back, or enter a return")
        if vehicle.kind == "customer" or vehicle.partner_id:
            return self.env._("it belongs to a customer")
        return None
