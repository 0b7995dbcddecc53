from odoo import fields, models


class StockWarehouse(models.Model):
    """Who answers for the stock of cars of a store."""

    _inherit = "stock.warehouse"  # pylint: disable=consider-merging-classes-inherited

    dealer_stock_user_id = fields.Many2one(
        "res.users",
        string="Answers for the Stock of Cars",
        help="Gets the stock alerts and the decisions about old cars of this store.",
    )

    def _dealer_get_keepers(self):
        """Stock keepers who work in this store; those of all stores are not meant."""
        self.ensure_one()
        # sudo: who asks need not see the users of the company
        users = self.env["res.users"].sudo()
        keepers = self.env.ref("dealer_base.group_stock_keeper")
        return users.search(
            [("dealer_store_ids", "in", self.ids), ("all_group_ids", "in", keepers.ids)]
        )

    def _dealer_get_stock_user(self):
        """Who decides about the cars of this store: the named person, else its sales manager."""
        self.ensure_one()
        if self.dealer_stock_user_id:
            return self.dealer_stock_user_id
        # sudo: who asks need not see the users of the company
        managers = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("company_ids", "in", self.company_id.ids),
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("dealer_base.group_sales_manager").ids,
                    ),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        managers = managers.filtered(lambda user: user._dealer_works_in(self))

        def order(user):
            # an administrator may do everything and decides nothing; who has only this store first
            return user.has_group("base.group_system"), not user._dealer_get_store_ids()

        return managers.sorted(order)[:1].sudo(False)
