"""What tests about customers' money share."""

from odoo import fields

from .common import DealerVehicleCommon


class MoneyCase(DealerVehicleCommon):
    """Carl keeps the cash desk, Fiona leads finance, Greta manages the store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carl = cls._create_person("carl", "cashier")
        cls.fiona = cls._create_person("fiona", "finance_manager")
        cls.greta = cls._create_person("greta", "general_manager")
        cls.today = fields.Date.today()
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.cash = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "cash")], limit=1
        )
        cls.liability = cls.company._dealer_get_account("deposit")
        cls.receivable = cls.customer.with_company(cls.company).property_account_receivable_id
        cls.forfeit_income = cls.company._dealer_get_account("forfeit_income")
        cls.penalty_expense = cls.company._dealer_get_account("penalty_expense")

    def _deposit(self, order, amount, kind="earnest", user=None, receive=True, **vals):
        """Money that the cashier takes for an order."""
        deposit = self._as(user or self.carl, self.env["dealer.deposit"]).create(
            {"order_id": order.id, "kind": kind, "amount": amount, **vals}
        )
        if receive:
            deposit.action_receive()
        return deposit

    def _deal(self, price=147800, confirm=True, **kwargs):
        """An order of one car, at a price that needs no rounding of taxes."""
        order = self._quote(self._stock(), price, **kwargs)
        if confirm:
            order.action_confirm()
        return order

    def _items(self, moves):
        """(account, partner, balance) of all items, the debits first."""
        return sorted(
            ((item.account_id, item.partner_id, item.balance) for item in moves.sudo().line_ids),
            key=lambda item: (-item[2], item[0].id),
        )

    def assertItems(self, moves, expected):
        """Check every item of posted entries."""
        self.assertEqual(set(moves.sudo().mapped("state")), {"posted"})
        self.assertEqual(self._items(moves), expected)
