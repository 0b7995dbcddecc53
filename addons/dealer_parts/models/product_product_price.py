from odoo import api, fields, models


class ProductProduct(models.Model):
    """What a part costs a customer."""

    _inherit = "product.product"  # pylint: disable=consider-merging-classes-inherited

    dealer_retail_margin = fields.Float(
        string="Margin %",
        compute="_compute_dealer_retail_margin",
        digits=(6, 1),
        aggregator=None,
        groups="dealer_parts.group_part_cost",
        help="(Retail price without VAT - cost) / retail price without VAT.",
    )

    @api.depends("lst_price", "standard_price", "taxes_id")
    @api.depends_context("company")
    def _compute_dealer_retail_margin(self):
        for part in self:
            net = part.lst_price / (1 + part._dealer_get_vat_rate() / 100)
            part.dealer_retail_margin = (
                100 * (net - part.standard_price) / net if net and part.standard_price else 0.0
            )

    def _dealer_get_vat_rate(self):
        """VAT in the price, in percent."""
        # sudo: keepers do not read taxes
        taxes = self.sudo().taxes_id.filtered_domain(
            [
                ("company_id", "parent_of", self.env.company.id),
                ("amount_type", "=", "percent"),
            ]
        )
        return sum(taxes.mapped("amount"))

    def _dealer_get_part_price(self, price_class, partner=None, quantity=1, date=None):
        """Price with VAT of one piece for a class of customers, and the matrix that made it.

        In this order: a matrix for the customer, the listed price of the class, a matrix for the
        class, the retail price.

        :param price_class: ``dealer.price.class`` record
        :return: ``(price, dealer.price.matrix record, empty when the price was listed)``
        """
        self.ensure_one()
        return self._dealer_get_part_prices(price_class, partner, {self: quantity}, date)[self]

    @api.model
    def _dealer_get_part_prices(self, price_class, partner, quantities, date=None):
        """As ``_dealer_get_part_price`` for many parts at once.

        :param quantities: dict part → quantity
        :return: dict part → ``(price, matrix)``
        """
        Price, Matrix = self.env["dealer.part.price"], self.env["dealer.price.matrix"]
        parts = self.browse([part.id for part in quantities])  # read as one batch
        templates = parts.product_tmpl_id
        listed = Price._get_prices(templates, price_class, date)
        retail_class = self.env["dealer.price.class"]._get_retail()
        retail = listed
        if price_class != retail_class:
            retail = Price._get_prices(templates, retail_class, date)
        matrices = Matrix._get_for(price_class, partner, date)
        result = {}
        for part, quantity in zip(parts, quantities.values(), strict=True):
            base = retail.get(part.product_tmpl_id.id, part.lst_price)
            own = matrices.filtered("partner_id")
            price, matrix = part._dealer_get_first_price(own, quantity, base)
            if price is None:
                price = listed.get(part.product_tmpl_id.id)
            if price is None:
                price, matrix = part._dealer_get_first_price(matrices - own, quantity, base)
            result[part] = (base if price is None else price, matrix)
        return result

    def _dealer_get_first_price(self, matrices, quantity, retail):
        """Price by the first of the matrices that has a band for the part, and that matrix."""
        # sudo: prices are made of costs that the counter does not see
        cost = self.sudo().standard_price
        vat = self._dealer_get_vat_rate()
        for matrix in matrices:
            if matrix._fits(self):
                price, line = matrix._get_price(self, quantity, retail, cost, vat)
                if line:
                    return price, matrix
        return None, matrices.browse()
