from odoo import models


class IrSequence(models.Model):
    """The first papers of a year may be made by two people at the same moment."""

    _inherit = "ir.sequence"

    def _create_date_range_seq(self, date):
        """OVERRIDE core: who comes second begins again, and finds the new year made.

        Core lets him run into the unique index of the ranges: an error about date ranges, which
        the server does not repeat. A changed row is what it does repeat.
        """
        self.env.cr.execute("UPDATE ir_sequence SET id = id WHERE id = %s", [self.id])
        return super()._create_date_range_seq(date)
