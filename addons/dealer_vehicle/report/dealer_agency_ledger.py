from odoo import fields, models
from odoo.tools import SQL

from ..models.product_template_desk import DEAL_TYPES


class DealerAgencyLedger(models.Model):
    """What a deal has collected for others and paid on, from posted items of the agency account.

    One row for each deal and part of it; money that somebody booked without a deal is a row of
    its own, so that nothing on the account is missing here.
    """

    _name = "dealer.agency.ledger"
    _description = "Agency Money"
    _auto = False
    _order = "date_first, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", string="Deal", readonly=True)
    product_id = fields.Many2one("product.product", string="Item", readonly=True)
    deal_type = fields.Selection(DEAL_TYPES, string="Part of the Deal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    date_first = fields.Date(string="Collected On", readonly=True)
    date_last = fields.Date(string="Last Entry", readonly=True)
    days_open = fields.Integer(
        readonly=True, aggregator="max", help="Days since the first entry; zero when settled."
    )
    collected = fields.Monetary(readonly=True)
    paid = fields.Monetary(string="Handed On", readonly=True)
    balance = fields.Monetary(
        string="Open",
        readonly=True,
        help="Must be zero in the end. Negative: more was paid than collected.",
    )
    deal_balance = fields.Monetary(string="Open in the Deal", readonly=True, aggregator=None)

    @property
    def _table_query(self):
        return SQL("%s %s %s %s", self._select(), self._from(), self._where(), self._group_by())

    def _select_fields(self):
        """Columns of the report: add one here and, if need be, in ``_group_by``."""
        balance = SQL("-SUM(item.balance)")
        collected = SQL("move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')")
        return {
            "id": SQL("MIN(item.id)"),
            "order_id": SQL("item.dealer_sale_id"),
            "product_id": SQL("item.product_id"),
            "deal_type": SQL("template.dealer_deal_type"),
            "company_id": SQL("item.company_id"),
            "currency_id": SQL("item.company_currency_id"),
            "partner_id": SQL("sale.partner_id"),
            "user_id": SQL("sale.user_id"),
            "warehouse_id": SQL("sale.warehouse_id"),
            "date_first": SQL("MIN(item.date)"),
            "date_last": SQL("MAX(item.date)"),
            "days_open": SQL(
                "CASE WHEN SUM(item.balance) = 0 THEN 0 ELSE CURRENT_DATE - MIN(item.date) END"
            ),
            "collected": SQL("COALESCE(-SUM(item.balance) FILTER (WHERE %s), 0)", collected),
            "paid": SQL("COALESCE(SUM(item.balance) FILTER (WHERE NOT %s), 0)", collected),
            "balance": balance,
            "deal_balance": SQL(
                "SUM(%s) OVER (PARTITION BY item.company_id, item.dealer_sale_id)", balance
            ),
        }

    def _select(self):
        columns = [
            SQL("%s AS %s", expression, SQL.identifier(name))
            for name, expression in self._select_fields().items()
        ]
        return SQL("SELECT %s", SQL(", ").join(columns))

    def _from(self):
        """Items on the agency account of the company, that of its head office for a branch."""
        return SQL(
            """
            FROM account_move_line item
            JOIN account_move move ON move.id = item.move_id
            JOIN res_company company ON company.id = item.company_id
            JOIN res_company head ON head.id = split_part(company.parent_path, '/', 1)::integer
            LEFT JOIN sale_order sale ON sale.id = item.dealer_sale_id
            LEFT JOIN product_product product ON product.id = item.product_id
            LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            """
        )

    def _where(self):
        return SQL(
            """
            WHERE item.parent_state = 'posted'
              AND item.account_id
                  = COALESCE(company.dealer_agency_account_id, head.dealer_agency_account_id)
            """
        )

    def _group_by(self):
        return SQL(
            """
            GROUP BY item.dealer_sale_id, item.product_id, template.dealer_deal_type,
                     item.company_id, item.company_currency_id, sale.partner_id, sale.user_id,
                     sale.warehouse_id
            """
        )

    def _prepare_settlement_line_vals(self):
        """What is open of this row; the value of a gift, which nobody has paid in."""
        self.ensure_one()
        gifts = self.order_id.order_line.filtered(
            lambda line: line.dealer_gift_bearer and line.product_id == self.product_id
        )
        is_gift = bool(gifts) and not self.collected
        return {
            "order_id": self.order_id.id,
            "product_id": self.product_id.id,
            "is_gift": is_gift,
            "amount": sum(gifts.mapped("dealer_gift_value")) if is_gift else abs(self.balance),
        }

    def action_settle(self):
        """Pay the money on, or settle a difference with the customer (button of the list)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle Agency Money"),
            "res_model": "dealer.agency.settlement",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ledger_ids": self.ids},
        }

    def action_view_items(self):
        """Open the journal items behind the row (button)."""
        self.ensure_one()
        account = self.company_id._dealer_find_agency_account()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", account.id),
                ("dealer_sale_id", "=", self.order_id.id),
                ("product_id", "=", self.product_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
            ],
        }
