from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: How long the server may have been off before a price that began is missed
CATCH_UP_DAYS = 62


#: What parts were sold by.
DECIDED = {"product_tmpl_id", "class_id", "date_from", "price", "company_id", "currency_id"}


class DealerPartPrice(models.Model):
    """Price of a part for a class of customers from a date on, VAT included.

    The retail price in force is also Odoo's sales price of the part, so that every other document
    knows it.
    """

    _name = "dealer.part.price"
    _description = "Price of a Part"
    _order = "date_from desc, class_id, id desc"
    _rec_name = "price"

    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("dealer_is_part", "=", True)],
    )
    class_id = fields.Many2one(
        "dealer.price.class",
        string="Price Class",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["dealer.price.class"]._get_retail(),
    )
    date_from = fields.Date(
        string="Valid From", required=True, default=fields.Date.context_today, index=True
    )
    price = fields.Monetary(required=True, string="Price with VAT")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    source = fields.Char(readonly=True, help="File that brought the price.")

    _price_positive = models.Constraint("CHECK (price >= 0)", "A price cannot be negative.")
    _date_unique = models.UniqueIndex(
        "(product_tmpl_id, class_id, date_from, COALESCE(company_id, 0))",
        "This part has a price of that class from that date already.",
    )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        prices.product_tmpl_id._dealer_apply_retail_prices()
        return prices

    def write(self, vals):
        if DECIDED & vals.keys():
            self._check_not_in_force()
        result = super().write(vals)
        self.product_tmpl_id._dealer_apply_retail_prices()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_coming(self):
        today = fields.Date.context_today(self)
        self._raise_in_force(self.filtered(lambda price: price.date_from <= today))

    def _check_not_in_force(self):
        """What begins today may still be corrected today; parts were sold by an older price."""
        today = fields.Date.context_today(self)
        self._raise_in_force(self.filtered(lambda price: price.date_from < today))

    def _raise_in_force(self, prices):
        for price in prices:
            raise UserError(
                self.env._(
                    "The price of %(part)s has been in force since %(date)s: parts were sold by"
                    " it. Enter a new price from a date on.",
                    part=price.product_tmpl_id.display_name,
                    date=price.date_from,
                )
            )

    # === PRICES IN FORCE ===

    @api.model
    def _get_prices(self, templates, price_class, date=None, company=None):
        """Prices in force of the parts: ``{template id: price}``; parts without one are left out.

        A price of the company goes before one for all companies.

        :param company: empty record: only prices for all companies
        """
        if not templates:
            return {}
        self.flush_model()
        company = self.env.company if company is None else company
        query = SQL(
            """
            SELECT DISTINCT ON (product_tmpl_id) product_tmpl_id, price
              FROM dealer_part_price
             WHERE product_tmpl_id = ANY(%s) AND class_id = %s AND date_from <= %s
               AND (company_id IS NULL OR company_id = ANY(%s))
             ORDER BY product_tmpl_id, company_id IS NULL, date_from DESC
            """,
            list(templates.ids),
            price_class.id,
            date or fields.Date.context_today(self),
            company.parent_ids.ids,
        )
        return {template_id: float(price) for template_id, price in self.env.execute_query(query)}

    @api.model
    def _cron_apply(self):
        """Make the retail prices that begin today Odoo's sales prices."""
        today = fields.Date.context_today(self)
        rows = self.search(
            [
                ("class_id", "=", self.env["dealer.price.class"]._get_retail().id),
                ("date_from", "<=", today),
                ("date_from", ">", today - timedelta(days=CATCH_UP_DAYS)),
            ]
        )
        rows.product_tmpl_id._dealer_apply_retail_prices()
