from odoo import fields, models


class DealerCustomerPurchase(models.Model):
    """A visit with what was spent, from the books before this system: history for the value.

    What is invoiced here counts by itself; this is for the years before.
    """

    _name = "dealer.customer.purchase"
    _description = "Earlier Purchase"
    _order = "date desc, id desc"
    _rec_name = "external_ref"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, index=True)
    amount = fields.Monetary(
        required=True, help="Tax included; negative: a return.", aggregator="sum"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    external_ref = fields.Char(string="Document")
    vehicle_id = fields.Many2one("dealer.vehicle", index="btree_not_null", ondelete="set null")

    _document_once = models.UniqueIndex(
        "(company_id, partner_id, external_ref) WHERE external_ref IS NOT NULL",
        "This document of the customer is there already.",
    )
