from odoo import models

from .sale_order_line_gate import DeliveryBlocker


class SaleOrderLine(models.Model):
    """No car leaves while a paper of its deal is missing."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_needed_papers(self):
        """Kinds of papers that the deals of these lines need."""
        # sudo: the rules hold whoever asks
        rules = (
            self.env["dealer.jacket.rule"]
            .sudo()
            .search([("company_id", "in", [False, *self.company_id.ids])])
        )
        needed = self.env["dealer.document.type"]
        for line in self:
            needed |= rules.filtered(
                lambda rule, line=line: rule._applies_to(line)
            ).document_type_id
        return needed

    def _dealer_get_missing_papers(self):
        """Kinds of papers that the deal of this line still lacks."""
        self.ensure_one()
        there = self.order_id.dealer_paper_ids.filtered(lambda paper: paper.state != "missing")
        missing = self._dealer_get_needed_papers() - there.document_type_id
        files = self.dealer_vehicle_id.document_ids
        return missing - files.dealer_document_type_id

    def _dealer_get_delivery_blockers(self):
        """Add missing papers (code ``papers``)."""
        blockers = super()._dealer_get_delivery_blockers()
        for line in self:
            if not (line.company_id.dealer_gate_papers and line.dealer_vehicle_id):
                continue
            missing = line._dealer_get_missing_papers()
            if missing:
                blockers[line.id].append(
                    DeliveryBlocker(
                        "papers",
                        self.env._(
                            "Papers are missing in the deal jacket: %(papers)s.",
                            papers=", ".join(missing.mapped("name")),
                        ),
                        self.env._("consultant, in the jacket of the order"),
                    )
                )
        return blockers
