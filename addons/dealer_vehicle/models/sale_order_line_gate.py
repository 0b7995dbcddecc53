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
        return {line.id: [] for line in self}

    def _dealer_check_delivery_gates(self):
        """Refuse to hand over cars while something is missing; say all of it at once."""
        # sudo: whoever drives the car out may not read money and papers
        for line, blockers in zip(
            self, self.sudo()._dealer_get_delivery_blockers().values(), strict=True
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
