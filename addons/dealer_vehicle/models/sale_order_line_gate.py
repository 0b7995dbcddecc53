from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError


class DeliveryBlocker(NamedTuple):
    """One reason why a car may not leave yet.

    :param code: stable name of the gate (``money``, ``pdi``, ``pledge``, ``recall`` …)
    :param message: what is missing, in the reader's language
    :param who: who can do something about it, in the reader's language
    """

    code: str
    message: str
    who: str


class SaleOrderLine(models.Model):
    """The gates between a sold car and its customer."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_delivery_blockers(self):
        """Why the cars of these lines may not leave yet.

        Each part of the trade that guards the gate extends this: money, papers, inspection.

        :return: list of ``DeliveryBlocker`` by line id; lines that may leave have an empty list
        """
        blockers = {line.id: [] for line in self}
        for line in self:
            problem = line._dealer_get_place_problem()
            if problem:
                blockers[line.id].append(
                    DeliveryBlocker(
                        "place", problem, self.env._("stock keeper, by a transfer between stores")
                    )
                )
        return blockers

    def _dealer_get_place_problem(self):
        """Why the car is not where its customer is to get it, else nothing."""
        self.ensure_one()
        vehicle = self.dealer_vehicle_id
        # sudo: salespeople may not read transfers
        moves = self.sudo().move_ids.filtered(
            lambda move: move.state not in ("draft", "done", "cancel")
        )
        stores = moves.location_id.warehouse_id
        if not vehicle.warehouse_id or not stores or vehicle.warehouse_id in stores:
            return None
        return self.env._(
            "%(car)s stands in %(place)s, but order %(order)s hands it over at %(store)s.",
            car=vehicle.display_name,
            place=vehicle.location_id.display_name,
            order=self.order_id.name,
            store=stores[:1].name,
        )

    def _dealer_check_delivery_gates(self):
        """Refuse to hand over cars while something is missing; say all of it at once."""
        # sudo: whoever drives the car out may not read money and papers
        leaving = self.sudo().with_context(dealer_leaves_now=True)
        for line, blockers in zip(
            self, leaving._dealer_get_delivery_blockers().values(), strict=True
        ):
            if blockers:
                raise UserError(
                    self.env._(
                        "%(car)s cannot be delivered yet:\n%(reasons)s",
                        car=line.dealer_vehicle_id.display_name,
                        reasons="\n".join(
                            self.env._(
                                "- %(reason)s (%(who)s)", reason=blocker.message, who=blocker.who
                            )
                            for blocker in blockers
                        ),
                    )
                )
