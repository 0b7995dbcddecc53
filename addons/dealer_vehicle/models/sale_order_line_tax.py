from odoo import api, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """VAT follows from the product and the customer: who sells does not choose it.

    A car sold without its tax is thirteen per cent of its price short, which no floor shows.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        chosen = [line.id for line, vals in zip(lines, vals_list, strict=True) if "tax_ids" in vals]
        self.browse(chosen)._dealer_check_taxes()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "tax_ids" in vals:
            self._dealer_check_taxes()
        return result

    def _dealer_check_taxes(self):
        """Refuse taxes that neither the product nor the fiscal position gives.

        Of cars and what belongs to their deals. Discounts have the taxes of what they are taken
        off, which Odoo chooses itself.
        """
        if self.env.su or self.env.user._dealer_keeps_taxes():
            return
        for line in self:
            order = line.order_id
            # sudo: a setting of the own company
            guarded = line.company_id.sudo().dealer_price_guard_tax
            if not guarded or not line.dealer_deal_type or line.price_unit < 0:
                continue
            due = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
            due = order.fiscal_position_id.map_tax(due)
            if line.tax_ids != due:
                raise UserError(
                    self.env._(
                        "%(product)s is sold with the tax of its product (%(tax)s). Ask accounting"
                        " when this customer needs another one.",
                        product=line.product_id.display_name,
                        tax=", ".join(due.mapped("name")) or self.env._("none"),
                    )
                )
