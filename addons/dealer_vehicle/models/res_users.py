from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

# Who keeps the books reads all of a company: an entry is right or wrong for the whole of it.
BOOKS_GROUPS = "account.group_account_invoice,account.group_account_readonly"

# Who answers to the tax office, and may set another tax than the product's.
TAX_KEEPERS = (
    "account.group_account_user",
    "account.group_account_manager",
    "dealer_base.group_general_manager",
    "dealer_base.group_admin",
)


class ResUsers(models.Model):
    """In which stores somebody works: whose deals, money and stock records he may open.

    Nobody has to be given stores. Who has none works in all stores of his companies: group
    managers, accounting, and everybody in a dealership with one store. The record rules of the
    documents ask here (see docs/decisions/0008-stores-keep-to-themselves.md).
    """

    _inherit = "res.users"

    dealer_store_ids = fields.Many2many(
        "stock.warehouse",
        "dealer_store_user_rel",
        "user_id",
        "warehouse_id",
        string="Stores",
        # a closed store still is the store of its people: none left would mean all
        context={"active_test": False},
        ondelete="restrict",
        help="Deals, money and stock records of other stores are closed to this person; cars and"
        " free stock are seen everywhere. Empty: all stores of the companies.",
    )

    def _get_invalidation_fields(self):
        """OVERRIDE base: the rules of a person are cached, and follow his stores at once."""
        return super()._get_invalidation_fields() | {"dealer_store_ids"}

    def _dealer_keeps_taxes(self):
        """Whether this person may set another tax than the one that follows by itself."""
        return any(self.has_group(group) for group in TAX_KEEPERS)

    # === WHICH STORES ===
    @ormcache("self.id")
    def _dealer_get_store_ids(self):
        """Ids of the stores in which this person works, as a tuple; empty: all.

        Read from the database and never from the field, which shows a reader the stores of his
        open companies only: a filtered list that is empty by chance would open everything.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT warehouse_id FROM dealer_store_user_rel WHERE user_id = %s"
                " ORDER BY warehouse_id",
                self.id or None,
            )
        )
        return tuple(warehouse_id for (warehouse_id,) in rows)

    def _dealer_get_money_store_ids(self):
        """Ids of the stores whose costs and invoices this person may read; empty: all."""
        self.ensure_one()
        return () if self.has_groups(BOOKS_GROUPS) else self._dealer_get_store_ids()

    def _dealer_works_in(self, store):
        """Whether this person opens the documents of a store; those of no store, always."""
        stores = self._dealer_get_store_ids()
        return not stores or not store or store.id in stores

    def _get_default_warehouse_id(self):
        """OVERRIDE stock: who works in some stores begins his documents in one of them."""
        warehouse = super()._get_default_warehouse_id()
        own = self._dealer_get_store_ids() if self else ()
        if not own or warehouse.id in own:
            return warehouse
        return self.env["stock.warehouse"].search(
            [("id", "in", own), ("company_id", "=", self.env.company.id)], limit=1
        )

    # === RECORD RULES ===
    def _dealer_store_domain(self, path):
        """Condition of a record rule: records of the stores of this person, and of no store.

        :param path: from the record to its store, like ``order_id.warehouse_id``
        """
        stores = self._dealer_get_store_ids()
        if not stores:
            return Domain.TRUE
        *way, last = path.split(".")
        return _through(".".join(way), Domain(last, "in", [*stores, False]))

    @api.model
    def _dealer_get_supplier_price_groups(self):
        """Groups whose members may know what suppliers ask: it is what things cost."""
        return [
            "purchase.group_purchase_user",
            "dealer_base.group_vehicle_cost",
            "account.group_account_invoice",
            "account.group_account_readonly",
            "base.group_system",
        ]

    def _dealer_reads_supplier_prices(self):
        """Whether this person may read the prices of suppliers (a record rule asks)."""
        return any(map(self.has_group, self._dealer_get_supplier_price_groups()))

    def _dealer_tell(self, records):
        """The records in the language of this person, for what only this person will read.

        A scheduled job has no language, and whoever presses a button has another one.
        """
        self.ensure_one()
        return records.with_context(lang=self.lang or records.env.lang)

    def _dealer_transfer_domain(self, path, places=()):
        """Rule of transfers: receipts and deliveries belong to a store, moves of cars to all.

        A car that goes from store to store is a matter of both, and shows neither customer nor
        price. A correction of the stock has no operation type and belongs to its places.

        :param path: from the record to its operation type
        :param places: fields of the record that name its places
        """
        stores = self._dealer_get_store_ids()
        if not stores:
            return Domain.TRUE
        here = Domain("warehouse_id", "in", [*stores, False])
        rule = _through(path, here | Domain("code", "=", "internal"))
        if places:
            inside = Domain.AND(_through(place, here) for place in places)
            rule &= Domain(path, "!=", False) | inside
        return rule

    def _dealer_invoice_domain(self, path=""):
        """Rule of invoices and bills: those of the own deals and purchases.

        A bill with cars of several stores is for those who keep the books.

        :param path: from the record to its journal entry, empty for the entry itself
        """
        stores = self._dealer_get_money_store_ids()
        if not stores:
            return Domain.TRUE
        own = Domain("dealer_store_id", "in", [*stores, False])
        own &= Domain("dealer_has_many_stores", "=", False)
        return _through(path, own)


def _through(path, domain):
    """Domain of the records that lead to one of ``domain`` by a path, or to nothing."""
    for name in reversed(path.split(".") if path else ()):
        domain = Domain(name, "any", domain) | Domain(name, "=", False)
    return domain
