from datetime import timedelta

from odoo import fields, models

from .dealer_average_checkpoint import DISTANCE, SAFE_HOURS
from .product_product_average import LINE_FIELDS


class StockMove(models.Model):
    """One step after the other of an average cost."""

    _inherit = "stock.move"

    # the moves of a part by time, from the end
    _dealer_average = models.Index("(product_id, date, id) WHERE state = 'done'")

    def _dealer_walk_average(self, values, quantity, average, total):
        """Walk along the moves of one part; the very steps of Odoo's ``_run_avco``.

        :param values: costs set by hand after the beginning, oldest first
        :param quantity, average, total: what there was before the first move
        :return: average, total, and checkpoints as ``(moment, move id, quantity, average, total)``
        """
        self.move_line_ids.fetch(LINE_FIELDS)
        safe = fields.Datetime.now() - timedelta(hours=SAFE_HOURS)
        checkpoints, is_certain = [], True
        for number, move in enumerate(self, 1):
            while values and move.date >= values[0].date:
                average = values[0].value
                total = average * quantity
                values = values[1:]
            if move.is_in or move.is_dropship:
                in_qty = move._get_valued_qty()
                in_value = move._get_value() if move.is_dropship else move.value
                previous, quantity = quantity, quantity + in_qty
                if previous > 0:
                    total += in_value
                    average = total / quantity
                else:  # nothing was there, or less: the receipt alone tells the cost
                    average = in_value / in_qty if in_qty else average
                    total = average * quantity
            if move.is_out or move.is_dropship:
                out_qty = move._get_valued_qty()
                total -= out_qty * average
                quantity -= out_qty
            # the value of a direct delivery is computed anew each time: nothing is certain after it
            is_certain = is_certain and not move.is_dropship
            if is_certain and number % DISTANCE == 0 and move.date <= safe:
                checkpoints.append((move.date, move.id, quantity, average, total))
        return average, total, checkpoints
