from odoo import fields, models


class SaleOrder(models.Model):
    """The deal jacket (交易档案): the papers that a deal must have."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_paper_ids = fields.One2many("dealer.jacket.paper", "order_id", string="Deal Jacket")

    def action_fill_jacket(self):
        """Put the papers that the rules ask for into the jacket."""
        self.check_access("write")
        self._dealer_fill_jacket()

    def _dealer_fill_jacket(self):
        """Add what is missing in the jacket; nothing is ever taken out."""
        Paper = self.env["dealer.jacket.paper"]
        for order in self:
            needed = order.order_line.filtered("dealer_vehicle_id")._dealer_get_needed_papers()
            Paper.create(
                [
                    {"order_id": order.id, "document_type_id": document_type.id}
                    for document_type in needed - order.dealer_paper_ids.document_type_id
                ]
            )
