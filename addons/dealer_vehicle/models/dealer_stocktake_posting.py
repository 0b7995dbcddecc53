from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

INSIDE = ("in_stock", "reserved")


class DealerStocktake(models.Model):
    """What follows from an approved stocktake: places, losses and finds.

    Stock is changed by stock moves and books by the entries of these moves, never otherwise. A
    missing or found car is booked against the account of the loss location (待处理财产损溢), where
    the accountant decides what it was.
    """

    _inherit = "dealer.stocktake"  # pylint: disable=consider-merging-classes-inherited

    def _apply(self):
        """Carry the proposals out; what other moves have overtaken is left alone and said so."""
        self.ensure_one()
        # sudo: the approver decides, need not be a stock keeper or accountant
        lines = self.sudo().line_ids
        lines._lock_vehicles()
        lines._check_proposals()
        lines.filtered(lambda line: line.proposal == "move")._apply_moves()
        (lines.filtered(lambda line: line.proposal == "take_in"))._apply_finds()
        (lines.filtered(lambda line: line.proposal == "write_off"))._apply_losses()
        lines.filtered(lambda line: not line.outcome).outcome = "none"

    def _get_loss_location(self, product):
        """Where lost cars go and found cars come from; its account takes the difference."""
        self.ensure_one()
        location = product.with_company(self.company_id).property_stock_inventory
        if not location.valuation_account_id:
            raise UserError(
                self.env._(
                    "The loss location %(location)s has no account, so the books would not follow"
                    " the count. Ask the finance manager to enter its stock valuation account.",
                    location=location.display_name,
                )
            )
        return location


class DealerStocktakeLine(models.Model):
    """The stock moves behind one counted car. Called as superuser by ``_apply``."""

    _inherit = "dealer.stocktake.line"  # pylint: disable=consider-merging-classes-inherited

    def _lock_vehicles(self):
        """Nobody moves these cars while the differences are booked."""
        ids = tuple(self.vehicle_id.ids) or (0,)
        self.env.cr.execute(
            SQL("SELECT id FROM dealer_vehicle WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", ids)
        )

    def _overtaken(self):
        """Lines whose car is not any more where it was when it was counted."""
        return self.filtered(
            lambda line: (
                line.vehicle_id.location_id != line.expected_location_id
                or (line.expected_location_id and line.vehicle_id.status not in INSIDE)
            )
        )

    # === PLACES ===
    def _apply_moves(self):
        """Cars that stand elsewhere: their place is corrected, also across stores."""
        overtaken = self._overtaken()
        overtaken.outcome = "overtaken"
        for (source, place), lines in (
            (self - overtaken)
            .grouped(lambda line: (line.expected_location_id, line.found_location_id))
            .items()
        ):
            cars = lines.vehicle_id
            if source.usage == "transit":
                picking = lines._apply_arrivals(place)
            else:
                deliveries = cars._release_deliveries()
                picking = cars._create_transfer(place.warehouse_id, source, place)
                deliveries._action_assign()
            picking.origin = lines.stocktake_id.name
            lines.write({"outcome": "done", "picking_id": picking.id})

    def _apply_arrivals(self, place):
        """Cars that are on the road in our books but stand here: they have arrived."""
        waiting = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", self.vehicle_id.lot_id.ids),
                ("state", "not in", ("draft", "done", "cancel")),
                ("location_id.usage", "=", "transit"),
            ]
        )
        waiting.location_dest_id = place
        waiting.picked = True
        pickings = waiting.picking_id
        pickings._action_done()
        return pickings[:1]

    # === LOSSES ===
    def _apply_losses(self):
        """Cars that are not there leave the stock at their cost."""
        overtaken = self._overtaken()
        overtaken.outcome = "overtaken"
        lost = self - overtaken
        for line in lost:
            line.value = line.vehicle_id.unit_cost
        for name, lines in lost.grouped(lambda line: line.stocktake_id.name).items():
            lines.vehicle_id._dealer_leave_orders(name)
        lost._post_moves(
            [
                line._prepare_move_vals(
                    line.expected_location_id,
                    line.stocktake_id._get_loss_location(line.vehicle_id.product_id),
                )
                for line in lost
            ]
        )

    # === FINDS ===
    def _apply_finds(self):
        """Cars that nobody knew, or that were written off, come into the stock at their value."""
        for line in self:
            if not line.value:
                raise UserError(
                    self.env._(
                        "Say what %(car)s is worth: it is taken into the stock at this value.",
                        car=line.display_name,
                    )
                )
            line._identify()
        overtaken = self.filtered(lambda line: line.vehicle_id._get_take_in_error())
        overtaken.outcome = "overtaken"
        found = self - overtaken
        for line in found:
            line._set_unit_cost()
        found._post_moves(
            [
                line._prepare_move_vals(line._get_find_source(), line.found_location_id)
                for line in found
            ]
        )

    def _identify(self):
        """The car of the line, with product and serial number; made when nobody knows it."""
        self.ensure_one()
        if not self.vehicle_id:
            self.vehicle_id = self.env["dealer.vehicle"]._find_or_create(
                self.vin, {"model_id": self.model_id.id}
            )
        vehicle = self.vehicle_id
        if not vehicle.lot_id and not vehicle._get_take_in_error():
            vehicle._get_or_create_product()
            vehicle._dealer_set_lot(self.env["stock.lot"].create(vehicle._prepare_lot_vals()))

    def _set_unit_cost(self):
        """A find is valued at the cost of its serial number (its product, when that is the car)."""
        self.ensure_one()
        vehicle = self.vehicle_id
        bearer = vehicle.lot_id if vehicle.product_id.lot_valuated else vehicle.product_id
        bearer.with_company(self.company_id).with_context(
            disable_auto_revaluation=True
        ).standard_price = self.value

    def _get_find_source(self):
        """The loss location in which the car was, else that of its product."""
        self.ensure_one()
        place = self.vehicle_id.lot_id.location_id
        if place.usage == "inventory" and place.valuation_account_id:
            return place
        return self.stocktake_id._get_loss_location(self.vehicle_id.product_id)

    # === STOCK MOVES ===
    def _prepare_move_vals(self, source, destination):
        """Inventory move of one car, as ``stock.quant`` prepares it for a counted quantity."""
        self.ensure_one()
        vehicle = self.vehicle_id
        product = vehicle.product_id
        owner = vehicle._get_stock_owner()
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": 1,
            "company_id": self.company_id.id,
            "state": "confirmed",
            "location_id": source.id,
            "location_dest_id": destination.id,
            "restrict_partner_id": owner.id,
            "is_inventory": True,
            "inventory_name": self.stocktake_id.name,
            "picked": True,
            "move_line_ids": [
                fields.Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": product.uom_id.id,
                        "quantity": 1,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "company_id": self.company_id.id,
                        "lot_id": vehicle.lot_id.id,
                        "owner_id": owner.id,
                    }
                )
            ],
        }

    def _post_moves(self, vals_list):
        """Post one move for each line, all in one journal entry."""
        if not self:
            return
        moves = self.env["stock.move"].with_company(self.company_id[:1]).create(vals_list)
        # the link first: a car leaves the stock for a loss that somebody has approved only
        for line, move in zip(self, moves, strict=True):
            line.write({"outcome": "done", "move_id": move.id})
        moves._action_done()
