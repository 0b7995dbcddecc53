from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """A deal that leaves the price policy says why, even where nobody has to approve it."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_ensure_reason(self, deviations):
        """Ask for the reason of deviations that nobody has explained, unless it is obvious.

        Customers who sign on the portal, and jobs, cannot be asked: the reason is another one.

        :param deviations: what the ledger is about to record
        """
        self.ensure_one()
        # sudo: a customer may not read reasons
        if not deviations or self.sudo().dealer_deviation_reason_id:
            return
        reason = self._dealer_get_obvious_reason(deviations)
        if not reason and (self.env.user.share or not self.env.user.active):
            reason = self._dealer_get_reason("other")
        if not reason:
            raise UserError(
                self.env._(
                    "%(order)s gives something away against the price list:\n%(what)s\nChoose the"
                    " “Reason of the Price” on the order first.",
                    order=self._dealer_get_title(),
                    what="\n".join(f"- {self._dealer_describe(one)}" for one in deviations),
                )
            )
        self._dealer_write_facts({"dealer_deviation_reason_id": reason.id})

    def _dealer_get_obvious_reason(self, deviations):
        """The reason that the deal itself tells, else an empty record."""
        self.ensure_one()
        cars = self.order_line.filtered(lambda line: line._dealer_is_car_line())
        if sum(cars.mapped("product_uom_qty")) > 1:
            return self._dealer_get_reason("fleet")
        rules = self.env["dealer.price.rule"].browse(
            {one.rule_id for one in deviations if one.rule_id}
        )
        # sudo: a customer may not read the price policy
        if all(one.rule_id for one in deviations) and all(rules.sudo().mapped("age_from")):
            return self._dealer_get_reason("aged")
        return self._dealer_get_reason(False)

    def _dealer_get_reason(self, name):
        """A shipped reason, unless the house has removed or archived it."""
        # sudo: as above, for both
        Reason = self.env["dealer.deviation.reason"].sudo()
        xmlid = f"dealer_vehicle.dealer_deviation_reason_{name}"
        reason = name and self.env.ref(xmlid, raise_if_not_found=False)
        return reason.with_env(Reason.env).filtered("active") if reason else Reason
