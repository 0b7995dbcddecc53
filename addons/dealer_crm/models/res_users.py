from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Whose customers somebody may open.

    The record rules ask here. They look at columns of the contact first (flag, owner), which an
    index serves; shares are looked up only for customers of colleagues. Nothing here reads a
    record that can change without the cache of the rules being cleared: groups and stores of a
    user clear it, shares are conditions, not lists of ids.
    """

    _inherit = "res.users"

    def _dealer_serves_all_customers(self):
        """Whether the user reads the customers of everybody (in the stores where he works)."""
        self.ensure_one()
        return not self._is_internal() or self.has_group("dealer_crm.group_all_customers")

    def _dealer_get_customer_domain(self, mode="read"):
        """Condition of the rule on contacts.

        Portal and public users are left alone: Odoo shows them their own contact only, and the
        owner of that contact is the salesperson, never they.

        :param mode: read or write
        """
        self.ensure_one()
        stores = self._dealer_get_sales_store_ids()
        if self._dealer_serves_all_customers() and not stores:
            return Domain.TRUE
        domain = (
            Domain("partner_share", "=", False)
            | Domain("dealer_is_customer", "=", False)
            | Domain("user_id", "in", [self.id, False])
            | Domain("dealer_share_ids", "any", self._dealer_get_share_domain(mode))
        )
        if self._dealer_serves_all_customers():
            domain |= self._dealer_get_store_owner_domain(stores)
        return domain

    def _dealer_get_lead_domain(self):
        """Condition that narrows what Odoo's rules for leads give.

        A lead of nobody is free for all; but not when its person is a colleague's.
        """
        self.ensure_one()
        stores = self._dealer_get_sales_store_ids()
        if not self._dealer_serves_all_customers():
            return (
                Domain("user_id", "!=", False)
                | Domain("partner_id", "=", False)
                | Domain("partner_id", "any", self._dealer_get_customer_domain())
            )
        if not stores:
            return Domain.TRUE
        return Domain("user_id", "in", [self.id, False]) | self._dealer_get_store_owner_domain(
            stores
        )

    def _dealer_get_share_domain(self, mode="read"):
        """Shares with this user that are in force; looked at when asked, the day counts."""
        domain = (
            Domain("user_id", "=", self.id)
            & Domain("revoked_on", "=", False)
            & (Domain("date_until", "=", False) | Domain("date_until", ">=", "today"))
        )
        return domain if mode == "read" else domain & Domain("mode", "=", "edit")

    def _dealer_get_sales_store_ids(self):
        """Ids of the stores to whose customers a sales manager keeps; empty: all.

        Those who serve (cash desk, stock, accounting) are not narrowed: their documents of a store
        may name the customer of another.
        """
        if "dealer_store_ids" not in self._fields or not self.has_group(
            "sales_team.group_sale_salesman"
        ):
            return ()
        return self._dealer_get_store_ids()

    def _dealer_get_store_owner_domain(self, stores):
        """Records whose owner works in one of the stores, or in all of them."""
        return Domain("user_id.dealer_store_ids", "in", [*stores, False])
