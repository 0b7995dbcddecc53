from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

#: Wish of the customer that a car fulfils; 0: he wished for no colour in particular
ANY_COLOR, OTHER_COLOR = 0, 9


class Match(NamedTuple):
    """How well a car fits an order. Sorts from the best to the worst.

    :param wish: 1, 2 or 3 of the colour wishes, ``ANY_COLOR`` or ``OTHER_COLOR``
    :param place: 0 in the order's own store, 1 in another store, 2 still on its way
    :param since: ISO day of arrival, or the expected one: the oldest car goes first
    :param vehicle_id: settles the rest, so that everybody sees the same order
    """

    wish: int
    place: int
    since: str
    vehicle_id: int


class DealerVehicle(models.Model):
    """Which cars are free, and which order they fit."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_get_free_domain(self):
        """New cars, here or on their way, that nobody has bought. Holds come on top."""
        return Domain(
            [
                ("kind", "=", "new"),
                ("for_sale", "=", True),
                ("blocked", "=", False),
                ("status", "in", ("in_stock", "on_order")),
            ]
            # any!: the orders of colleagues count, too
        ) & Domain("sale_line_ids", "not any!", Domain("dealer_vehicle_held", "=", True))

    @api.model
    def _dealer_get_product_domain(self, products):
        """Cars that are, or would be, traded as one of these products."""
        return Domain("product_id", "in", products.ids) | (
            Domain("product_id", "=", False)
            & Domain("model_id.dealer_product_id", "in", products.ids)
        )

    def _dealer_get_trade_product(self):
        """Product of the car, made or not."""
        self.ensure_one()
        # sudo: the product is the catalogue's
        return self.product_id or self.sudo().model_id.dealer_product_id

    def _dealer_get_expected_date(self):
        """Day on which a car on order should arrive."""
        self.ensure_one()
        # sudo: salespeople may not read purchases
        planned = self.sudo().purchase_line_id.date_planned
        return planned and fields.Datetime.context_timestamp(self, planned).date()

    def _dealer_get_match(self, line):
        """How well this car fits a line that waits for one; see :class:`Match`."""
        self.ensure_one()
        wishes = line._dealer_get_color_wishes().ids
        wish = ANY_COLOR
        if wishes:
            color_id = self.exterior_color_id.id
            wish = wishes.index(color_id) + 1 if color_id in wishes else OTHER_COLOR
        incoming = self.status == "on_order"
        since = self._dealer_get_expected_date() if incoming else self.date_in
        place = 2 if incoming else int(self.warehouse_id != line.order_id.warehouse_id)
        return Match(wish, place, str(since or "9999"), self.id)
