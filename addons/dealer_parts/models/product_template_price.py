from odoo import fields, models


class ProductTemplate(models.Model):
    """Prices of a part: dated, by class of customers."""

    _inherit = "product.template"  # pylint: disable=consider-merging-classes-inherited

    dealer_price_ids = fields.One2many("dealer.part.price", "product_tmpl_id", string="Prices")

    def write(self, vals):
        """A sales price that somebody types is the retail price from today on."""
        result = super().write(vals)
        if "list_price" in vals and not self.env.context.get("dealer_retail_applied"):
            self._dealer_note_retail_price(vals["list_price"])
        return result

    def _dealer_note_retail_price(self, price):
        """Keep the typed price among the dated ones, else the old one would come back."""
        retail = self.env["dealer.price.class"]._get_retail()
        today = fields.Date.context_today(self)
        Price = self.env["dealer.part.price"]
        dated = Price.search(
            [
                ("product_tmpl_id", "in", self.ids),
                ("class_id", "=", retail.id),
                ("company_id", "=", False),
            ]
        )
        same_day = dated.filtered(lambda row: row.date_from == today)
        same_day.write({"price": price})
        Price.create(
            [
                {"product_tmpl_id": part.id, "class_id": retail.id, "price": price}
                for part in dated.product_tmpl_id - same_day.product_tmpl_id
            ]
        )

    def _dealer_apply_retail_prices(self):
        """Make the retail prices in force the sales prices of the parts."""
        retail = self.env["dealer.price.class"]._get_retail()
        prices = self.env["dealer.part.price"]._get_prices(
            self, retail, company=self.env["res.company"]
        )
        parts = self.with_context(dealer_retail_applied=True, tracking_disable=True)
        for part in parts:
            price = prices.get(part.id)
            if price is not None and part.list_price != price:
                part.list_price = price
