from odoo import fields, models

from odoo.addons.dealer_base.tools.table_reader import Column

#: Other headers of the columns, in their order
ALIASES = (
    ("customer_no", "客户编号"),
    ("日期",),
    ("amount_usd", "金额"),
    ("invoice_no", "单号"),
)


class DealerPurchaseImport(models.TransientModel):
    """Bring visits and money of earlier years in from a file, for the value of customers.

    Customers are found by their number (reference); those that are not there are made, when the
    user says so. A document that is there already is left alone, so a file may come twice.
    """

    _name = "dealer.purchase.import"
    _inherit = "dealer.import.wizard"
    _description = "Import earlier purchases"

    line_ids = fields.One2many("dealer.purchase.import.line", "wizard_id")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    is_creating = fields.Boolean(string="Make Missing Customers")

    def _get_columns(self):
        customer, date, amount, document = ALIASES
        return [
            Column("customer", self.env._("Customer"), customer, "text", True, "C0001"),
            Column("date", self.env._("Date"), date, "date", True, "2025-03-15"),
            Column("amount", self.env._("Amount"), amount, "number", True, 860),
            Column("document", self.env._("Document"), document, example="W-1024"),
        ]

    def _check_rows(self, rows):
        numbers = {row.values["customer"] for row in rows if row.values.get("customer")}
        known = {
            partner.ref: partner
            for partner in self.env["res.partner"].search_fetch(
                [("ref", "in", list(numbers))], ["ref"], order="id desc"
            )
        }
        for row in rows:
            row.values["partner"] = known.get(row.values.get("customer"))
            if row.values.get("customer") and not row.values["partner"] and not self.is_creating:
                row.errors.append(
                    self.env._(
                        "No customer has the number %(number)s.", number=row.values["customer"]
                    )
                )

    def _prepare_line_vals(self, row):
        return {
            **super()._prepare_line_vals(row),
            "customer": row.values.get("customer"),
            "date": row.values.get("date"),
            "amount": row.values.get("amount"),
        }

    def _import_rows(self, rows):
        missing = {row.values["customer"] for row in rows if not row.values["partner"]}
        made = self.env["res.partner"].create(
            [{"name": number, "ref": number} for number in sorted(missing)]
        )
        partners = {partner.ref: partner for partner in made}
        Purchase = self.env["dealer.customer.purchase"]
        documents = {row.values["document"] for row in rows if row.values.get("document")}
        there = {
            (purchase.partner_id.id, purchase.external_ref)
            for purchase in Purchase.search_fetch(
                [("company_id", "=", self.company_id.id), ("external_ref", "in", list(documents))],
                ["partner_id", "external_ref"],
            )
        }
        vals_list = []
        for row in rows:
            values = row.values
            partner = values["partner"] or partners[values["customer"]]
            key = (partner.id, values.get("document"))
            if key[1] and key in there:
                continue
            there.add(key)
            vals_list.append(
                {
                    "partner_id": partner.id,
                    "date": values["date"],
                    "amount": values["amount"],
                    "external_ref": values.get("document") or False,
                    "company_id": self.company_id.id,
                }
            )
        return Purchase.create(vals_list)

    def _get_result_action(self, result):
        return result._get_records_action(name=self.env._("Earlier Purchases"))
