from odoo import fields, models


class AccountMove(models.Model):
    """Invoices of the counter, which the keepers who make them may read."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    # Stored: a rule that looks through the lines would leave lines in the cache that its reader
    # may not read, and the form of the invoice would not open.
    dealer_is_counter = fields.Boolean(
        string="Of the Parts Counter", readonly=True, index="btree_not_null"
    )
