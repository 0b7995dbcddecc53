from odoo import models, tools
from odoo.fields import Domain

from .dealer_masked_mixin import mask_email


class ResUsers(models.Model):
    """Whose customers somebody may open.

    The record rules ask here. They look at columns of the contact first (flag, owner), which an
    index serves; shares are looked up only for customers of colleagues. Nothing here reads a
    record that can change without the cache of the rules being cleared: groups and stores of a
    user clear it, shares are conditions, not lists of ids.
    """

    _inherit = "res.users"

    def _get_portal_access_update_body(self, access_granted):
        """OVERRIDE mail: the note in the chatter stays, for whoever reads it: with stars."""
        body = super()._get_portal_access_update_body(access_granted)
        email = self.partner_id.email
        return body.replace(email, mask_email(email)) if email else body

    def _dealer_serves_all_customers(self):
        """Whether the user reads the customers of everybody (in the stores where he works)."""
        self.ensure_one()
        return (
            not self._is_internal()
            or self.has_group("dealer_crm.group_all_customers")
            or not self._dealer_is_where_customers_are_owned()
        )

    @tools.ormcache("self.id")
    def _dealer_is_where_customers_are_owned(self):
        """Whether one of the companies of the user keeps customers to their salespeople.

        Every deal asks for it; the setting and the companies of a user clear the cache.
        """
        # sudo: users need not read the settings of their companies
        companies = self.env["res.company"].sudo().browse(self._get_company_ids())
        return any(company.dealer_customers_owned for company in companies)

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

    def _dealer_link_domain(self, path, owner=None):
        """Condition of a rule on what belongs to a customer: of those who may be read.

        :param path: from the record to the customer
        :param owner: field of the record that names who has it, who reads it in any case; without
            customer it is his. Records without such a field and without customer are everybody's.
        """
        domain = self._dealer_get_customer_domain()
        if domain.is_true():
            return Domain.TRUE
        rule = Domain(path, "any", domain)
        if owner:
            rule |= Domain(owner, "=", self.id)
        if not owner or self._dealer_serves_all_customers():
            rule |= Domain(path, "=", False)
        return rule

    def _dealer_get_lead_domain(self, mode="read"):
        """Condition that narrows what Odoo's rules for leads give.

        A lead of nobody is free for all of its store; but not when its person is a colleague's.

        :param mode: read or write
        """
        self.ensure_one()
        domain = self._dealer_get_lead_store_domain(mode)
        if not self._dealer_serves_all_customers():
            domain &= (
                Domain("user_id", "!=", False)
                | Domain("partner_id", "=", False)
                | Domain("partner_id", "any", self._dealer_get_customer_domain())
            )
        return domain

    def _dealer_get_lead_store_domain(self, mode="read"):
        """Leads of the stores in which a salesperson works, and of no store.

        What is his own stays open to him, whatever store it names, and so does what is shared. A
        manager reads the leads of his people; consultants get theirs by the rules of Odoo.

        :param mode: read or write: how far customers have to be shared
        """
        stores = self._dealer_get_sales_store_ids()
        if not stores:
            return Domain.TRUE
        own = Domain("user_id", "=", self.id) | Domain("partner_id.user_id", "=", self.id)
        shared = Domain("partner_id.dealer_share_ids", "any", self._dealer_get_share_domain(mode))
        here = Domain("dealer_store_id", "in", [*stores, False])
        if self._dealer_serves_all_customers():
            here &= Domain("user_id", "=", False) | self._dealer_get_store_owner_domain(stores)
        return own | shared | here

    def _dealer_lead_link_domain(self, path):
        """Condition of a rule on what belongs to a lead: of those of the own stores.

        :param path: from the record to its lead; records of no lead are left alone
        """
        domain = self._dealer_get_lead_store_domain()
        if domain.is_true():
            return Domain.TRUE
        return Domain(path, "=", False) | Domain(path, "any", domain)

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
