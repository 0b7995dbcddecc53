from odoo import models
from odoo.exceptions import AccessError

#: Who inspects cars before delivery; foremen are technicians.
PDI_GROUPS = (
    "dealer_base.group_inspector",
    "dealer_base.group_technician",
    "dealer_base.group_stock_keeper",
    "dealer_base.group_service_manager",
)


class DealerChecklist(models.Model):
    """The inspection before delivery is not made by whoever sells the car."""

    _inherit = "dealer.checklist"

    def _check_access(self, operation):
        """Start, answer and close inspections: inspector, technician, stock keeper, workshop.

        Lines and their photos follow the checklist, so this holds for them, too.
        """
        result = super()._check_access(operation)
        remaining = self - result[0] if result else self
        if operation == "read" or self.env.su or not remaining:
            return result
        # sudo: which inspection it is, and of which car, is asked inside of the access check
        refused = remaining.sudo()._dealer_filter_not_to_inspect().sudo(False)
        if not refused:
            return result
        return (result[0] if result else self.browse()) | refused, (
            result[1] if result else self._dealer_make_pdi_error
        )

    def _dealer_filter_not_to_inspect(self):
        """Inspections before delivery that are not this user's to make."""
        inspections = self.filtered("template_id.dealer_is_pdi")
        user = self.env.user
        if not any(user.has_group(group) for group in PDI_GROUPS):
            return inspections
        cars = self.env["dealer.vehicle"].browse(inspections.mapped("res_id"))
        own = cars.filtered(lambda car: car.sale_line_id.order_id.user_id == user)
        return inspections.filtered(lambda checklist: checklist.res_id in own.ids)

    def _dealer_make_pdi_error(self):
        return AccessError(
            self.env._(
                "The pre-delivery inspection (PDI) is made by an inspector, a technician or the"
                " stock keeper, and never by the salesperson of the car. Ask one of them; you can"
                " read the result here."
            )
        )
