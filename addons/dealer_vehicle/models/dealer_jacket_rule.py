from odoo import fields, models

from .product_template_desk import DEAL_TYPES


class DealerJacketRule(models.Model):
    """Which paper a deal needs before its car leaves, by kind of car, buyer and deal."""

    _name = "dealer.jacket.rule"
    _description = "Deal Jacket Rule"
    _order = "sequence, id"
    _rec_name = "document_type_id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", help="Empty: all companies."
    )
    document_type_id = fields.Many2one(
        "dealer.document.type", string="Paper", required=True, index=True, ondelete="cascade"
    )
    vehicle_kind = fields.Selection(
        [("new", "New and demo cars"), ("used", "Used cars")], string="Cars", help="Empty: all."
    )
    customer_kind = fields.Selection(
        [("person", "Persons"), ("company", "Firms")], string="Buyers", help="Empty: all."
    )
    deal_type = fields.Selection(
        DEAL_TYPES,
        string="Deals With",
        help="Only when the order sells this, e.g. the loan papers when finance is sold. Empty: all"
        " deals.",
    )

    def _applies_to(self, line):
        """Whether the deal of an order line needs this paper."""
        self.ensure_one()
        vehicle_kind = "used" if line.dealer_vehicle_id.kind == "used" else "new"
        customer_kind = "company" if line.order_id.partner_id.is_company else "person"
        sold = line.order_id.order_line.product_id.mapped("dealer_deal_type")
        return (
            self.vehicle_kind in (False, vehicle_kind)
            and self.customer_kind in (False, customer_kind)
            and (not self.deal_type or self.deal_type in sold)
            and self.company_id in (self.env["res.company"], line.company_id)
        )
