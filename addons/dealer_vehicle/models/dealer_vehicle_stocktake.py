from odoo import models


class DealerVehicle(models.Model):
    """Cars that are found or lost: what may come in, and what becomes of the orders of the lost."""

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

    def _dealer_leave_orders(self, document):
        """Let go of the orders of cars that are written off: each gets back into the queue.

        An order that is invoiced keeps its car until the invoice has been credited. Its customer
        must hear of it from us, so the salesperson gets an activity.

        :param document: number of the stocktake or scrap order
        """
        self._release_deliveries()
        # sudo: who writes off need not sell
        for line in self.sudo().sale_line_ids.filtered("dealer_vehicle_held"):
            car, order = line.dealer_vehicle_id, line.order_id
            line.dealer_lost_vehicle_id = car
            if not line._dealer_is_invoiced():
                # nobody waits for this car any more
                line.with_context(dealer_keep_queue=True).dealer_vehicle_id = False
            env = self.with_context(lang=order.user_id.lang).env
            if order.user_id:
                order.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=order.user_id.id,
                    summary=env._(
                        "%(car)s was written off (%(document)s)",
                        car=car.display_name,
                        document=document,
                    ),
                    note=line._dealer_get_lost_message(),
                )
