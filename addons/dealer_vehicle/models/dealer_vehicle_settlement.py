from odoo import fields, models
from odoo.fields import Command


class DealerVehicle(models.Model):
    """What becomes known after a sale still reaches the cost of that sale.

    A bill at another price, or a landed cost, may come after the invoice or between invoice and
    delivery. Odoo then corrects the value of the receipt but never the cost of sales: the
    difference would stay on the stock account for ever, and the margin of the car would miss it.
    """

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_settle_costs(self, company):
        """Post what is left on the stock account of cars that are gone, billed and invoiced.

        Called after journal entries and deliveries of the cars were posted. Whoever posts these
        may not read the other side's documents, hence sudo.
        """
        gone = self.sudo().filtered(
            lambda vehicle: vehicle.lot_id and vehicle.location_id.company_id != company
        )
        vals_list = [
            vehicle._prepare_settlement_vals(company, accounts, amount)
            for vehicle, accounts, amount in gone._dealer_get_stock_balances(company)
            if vehicle._dealer_is_settled(company)
        ]
        if vals_list:
            self.env["account.move"].sudo().create(vals_list)._post()

    def _dealer_get_stock_balances(self, company):
        """Cars with something left on their stock account: (car, its accounts, amount).

        Accessories of the deal name the car for its margin and may stand on the same account;
        what they cost is not a cost of the car.
        """
        if not self:
            return []
        groups = self.env["account.move.line"]._read_group(
            [
                ("dealer_vehicle_id", "in", self.ids),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("product_id", "in", [False, *self.product_id.ids]),
            ],
            ["dealer_vehicle_id", "account_id"],
            ["balance:sum"],
        )
        left = []
        for vehicle, account, amount in groups:
            accounts = vehicle.product_id.with_company(company)._get_product_accounts()
            if account == accounts["stock_valuation"] and not company.currency_id.is_zero(amount):
                left.append((vehicle, accounts, amount))
        return left

    def _dealer_is_settled(self, company):
        """Whether all purchases of the car are billed and all its deliveries are invoiced.

        It was bought as often as it was sold. Otherwise it left, or came, in another way: what a
        scrapped or lost car cost is not the cost of a sale, and opening stock was never billed.
        """
        self.ensure_one()
        bought = self.purchase_line_ids.filtered(
            lambda line: line.company_id == company and line.qty_received
        )
        sold = self.sale_line_ids.filtered(
            lambda line: line.company_id == company and line.state == "sale"
        )
        return (
            bool(bought)
            and sum(bought.mapped("qty_received")) == sum(sold.mapped("qty_delivered"))
            and all(
                self._dealer_posted_quantity(line, "in_invoice") >= line.qty_received
                for line in bought
            )
            and all(
                self._dealer_posted_quantity(line, "out_invoice")
                - self._dealer_posted_quantity(line, "out_refund", with_cost=True)
                == line.qty_delivered
                for line in sold
            )
        )

    def _dealer_posted_quantity(self, line, move_type, with_cost=False):
        """Quantity of an order line on its posted documents of one type.

        With ``with_cost`` only on those that moved the cost of the car: a rebate does not.
        """
        items = line.invoice_lines.filtered(
            lambda item: item.move_id.move_type == move_type and item.parent_state == "posted"
        )
        if with_cost:
            costs = items.move_id.line_ids.filtered(
                lambda item: item.display_type == "cogs" and item.dealer_vehicle_id == self
            )
            items = items.filtered(lambda item: item.move_id in costs.move_id)
        return sum(items.mapped("quantity"))

    def _prepare_settlement_vals(self, company, accounts, amount):
        """Entry that moves ``amount`` from the stock account to the cost of sales of the car."""
        self.ensure_one()
        name = self.env._("Cost of %(car)s known after its sale", car=self.vin or self.display_name)
        item = {
            "name": name,
            "dealer_vehicle_id": self.id,
            # cost of goods sold like that of the invoice, not a late cost of its own
            "display_type": "cogs",
            "is_storno": company.account_storno and amount < 0,
        }
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company.account_stock_journal_id.id,
            "date": fields.Date.context_today(self),
            "ref": name,
            "line_ids": [
                Command.create(dict(item, account_id=accounts["expense"].id, balance=amount)),
                Command.create(
                    dict(item, account_id=accounts["stock_valuation"].id, balance=-amount)
                ),
            ],
        }
