from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.part_number import normalise
from ..tools.supersession import get_levels


class ProductProduct(models.Model):
    """A part among those that came before it and after it, and among its alternatives."""

    _inherit = "product.product"  # pylint: disable=consider-merging-classes-inherited

    dealer_predecessor_ids = fields.One2many(
        "dealer.part.supersession", "new_product_id", string="Replaces"
    )
    dealer_successor_ids = fields.One2many(
        "dealer.part.supersession", "old_product_id", string="Replaced By"
    )
    # fragments of numbers, for Odoo's own search of products
    _dealer_code_fragments = models.Index("USING gin (default_code gin_trgm_ops)")

    dealer_chain = fields.Char(
        string="Chain",
        compute="_compute_dealer_chain",
        help="The numbers of the part, the oldest first.",
    )
    dealer_is_replaced = fields.Boolean(
        string="Replaced",
        compute="_compute_dealer_is_replaced",
        search="_search_dealer_is_replaced",
        help="Only its successor is ordered.",
    )

    @api.depends("dealer_successor_ids", "dealer_predecessor_ids")
    def _compute_dealer_chain(self):
        families = self._dealer_get_families()
        levels = self._dealer_get_chain_levels(families)
        for part in self:
            family = families[part].sorted(lambda member: (levels.get(member, 0), member.id))
            many = len(family) > 1
            part.dealer_chain = " → ".join(p._dealer_get_number() for p in family) if many else ""

    @api.depends("dealer_successor_ids.kind", "dealer_successor_ids.date_from")
    def _compute_dealer_is_replaced(self):
        replaced = self._dealer_get_active_rows(self).old_product_id
        for part in self:
            part.dealer_is_replaced = part._origin in replaced

    def _search_dealer_is_replaced(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        rows = Domain("kind", "!=", "two_way") & Domain("date_from", "<=", today)
        found = Domain("dealer_successor_ids", "any", rows)
        return Domain.OR(found if wanted else ~found for wanted in value)

    def _dealer_get_number(self):
        """The number as printed, or the name of a part that has none."""
        return self.default_code or self.name or ""

    # === CHAIN ===

    def _dealer_get_families(self):
        """Each part with all parts linked to it by supersession: ``{part: family}``."""
        reach = self.env["dealer.part.supersession"]._get_reach(self._origin)
        return {part: self.browse(sorted(reach.get(part._origin.id, ()))) for part in self}

    def _dealer_get_family(self):
        """All parts linked to this one by supersession, itself included."""
        self.ensure_one()
        return self._dealer_get_families()[self]

    @api.model
    def _dealer_get_active_rows(self, parts):
        """Rows by which the parts are replaced today."""
        return self.env["dealer.part.supersession"].search(
            [
                ("old_product_id", "in", parts.ids),
                ("kind", "!=", "two_way"),
                ("date_from", "<=", fields.Date.context_today(self)),
            ]
        )

    def _dealer_get_order_quantities(self):
        """What is ordered today instead of one piece of each part: ``{part: {part: quantity}}``.

        A divided part is ordered as its pieces; a part without successor as itself.
        """
        family = self.browse({i for f in self._dealer_get_families().values() for i in f.ids})
        followers = defaultdict(dict)
        for row in self._dealer_get_active_rows(family):
            followers[row.old_product_id][row.new_product_id] = row.quantity
        result = {}
        for part in self:
            ends, todo = defaultdict(float), [(part, 1.0)]
            while todo:
                current, ratio = todo.pop()
                if current not in followers:
                    ends[current] += ratio
                steps = followers.get(current, {})
                todo += [(new, ratio * number) for new, number in steps.items()]
            result[part] = dict(ends)
        return result

    def _dealer_get_order_part(self):
        """The end of the chain, which is ordered today; several of a part that was divided."""
        self.ensure_one()
        return self.browse(part.id for part in self._dealer_get_order_quantities()[self])

    def _dealer_get_exchange_rows(self):
        """Rows in force by which one part does the work of another, piece for piece."""
        today = fields.Date.context_today(self)
        rows = self.env["dealer.part.supersession"]._get_rows(self)
        return rows.filtered(
            lambda row: row.kind != "split" and row.quantity == 1 and row.date_from <= today
        )

    def _dealer_get_same_need(self, rows=None):
        """Parts that were asked for out of the same need: old and new numbers of one another.

        Pieces of a divided part do not take its place alone.
        """
        self.ensure_one()
        rows = self._dealer_get_exchange_rows() if rows is None else rows
        neighbours = defaultdict(self.browse)
        for row in rows:
            neighbours[row.old_product_id] |= row.new_product_id
            neighbours[row.new_product_id] |= row.old_product_id
        found, todo = self.browse(), self
        while todo:
            found |= todo
            todo = self.browse().union(*(neighbours[part] for part in todo)) - found
        return found

    def _dealer_get_sale_order(self):
        """Parts that may be sold to who asks for this one, in that order: the oldest stock first.

        An old part that must not be fitted any more comes last when it was asked for itself, and
        not at all otherwise.
        """
        self.ensure_one()
        rows = self._dealer_get_exchange_rows()
        refused = rows.filtered(lambda row: not row.use_old and row.kind != "two_way")
        refused = refused.old_product_id
        levels = self._dealer_get_row_levels(rows)
        usable = self._dealer_get_same_need(rows) - refused
        # last, when it is refused
        return usable.sorted(lambda part: (levels.get(part, 0), part.id)) | self

    def _dealer_warn_of_old_stock(self, store):
        """Warning of a form in which a new number is chosen while old stock is free, else None."""
        if not self.dealer_is_part:
            return None
        for other in self._dealer_get_sale_order().with_context(warehouse_id=store.id):
            if other == self:
                return None
            if other.free_qty > 0:
                message = self.env._(
                    "%(old)s does the same, and %(quantity)s of it are free: use them first.",
                    old=other.display_name,
                    quantity=other.free_qty,
                )
                return {"warning": {"title": self.env._("Old stock first"), "message": message}}
        return None

    @api.model
    def _dealer_get_row_levels(self, rows):
        pairs = [(row.old_product_id, row.new_product_id, row.kind) for row in rows]
        return get_levels(
            [(old, new) for old, new, kind in pairs if kind != "two_way"],
            [(old, new) for old, new, kind in pairs if kind == "two_way"],
        )

    @api.model
    def _dealer_get_chain_levels(self, families):
        ids = {i for family in families.values() for i in family.ids}
        rows = self.env["dealer.part.supersession"].search([("old_product_id", "in", list(ids))])
        return self._dealer_get_row_levels(rows)

    # === SEARCH ===

    @api.model
    def _dealer_search_parts(self, text, limit=80, domain=()):
        """Parts by any number or by name, the best first.

        Order: the very number, the rest of its chain, numbers that begin so, numbers of the maker,
        numbers that contain it, names and bar codes.

        :param str text: as typed, with or without hyphens, blanks and small letters
        """
        text, key = (text or "").strip(), normalise(text)
        parts = Domain("dealer_is_part", "=", True) & Domain(domain)
        found = self.browse()
        if not text:
            return found
        if key:
            found, exact = self._dealer_search_numbers(key, parts, limit)
            if exact:
                families = self.browse(
                    {i for family in exact._dealer_get_families().values() for i in family.ids}
                )
                chain = families.filtered_domain(parts).sorted("dealer_is_replaced")
                found = exact | chain | found
        if not found or not any(sign.isdigit() for sign in text):
            # apart: the two together would read every part, as they stand in different tables
            for step in (Domain("barcode", "=", text), Domain("name", "ilike", text)):
                rest = Domain("id", "not in", found.ids)
                found |= self.search(parts & step & rest, limit=max(limit - len(found), 1))
        return found[:limit]

    @api.model
    def _dealer_search_numbers(self, key, domain, limit):
        """Parts whose number, or the maker's, is the key, begins with it or contains it: one query.

        :param str key: letters and digits only, see ``normalise``
        :return: all of them, best first, and those whose number it is
        """
        # a fragment of two signs is in every number
        pattern = f"%{key}%" if len(key) > 2 else f"{key}%"
        numbers = Domain("dealer_part_key", "=like", pattern)
        numbers |= Domain("dealer_maker_key", "=like", pattern)
        # the template has the numbers: its domain is made in half the time that the part's takes
        Template = self.env["product.template"]
        query = Template._search(domain & numbers)
        template = query.table
        part = query.join(template, "id", self._table, "product_tmpl_id", "product_variant_ids")
        number = SQL.identifier(template, "dealer_part_key")
        query.add_where(SQL("%s", SQL.identifier(part, "active")))
        query.order = SQL(
            "CASE WHEN %(number)s = %(key)s THEN 0 WHEN %(number)s LIKE %(start)s THEN 1"
            " WHEN %(maker)s LIKE %(start)s THEN 2 ELSE 3 END, %(number)s, %(id)s",
            number=number,
            maker=SQL.identifier(template, "dealer_maker_key"),
            key=key,
            start=f"{key}%",
            id=SQL.identifier(part, "id"),
        )
        query.limit = limit
        rows = self.env.execute_query(
            query.select(SQL.identifier(part, "id"), SQL("%s = %s", number, key))
        )
        return self.browse(row[0] for row in rows), self.browse(row[0] for row in rows if row[1])

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """A part is also found by its number without hyphens, and by any number of its chain."""
        found = super().name_search(name, domain, operator, limit)
        key = normalise(name)
        if operator not in ("ilike", "=") or len(key) < 4 or len(found) >= (limit or 100):
            return found
        exact = self.search([("dealer_part_key", "=", key)], limit=limit)
        parts = exact.union(*exact._dealer_get_families().values())
        if operator == "ilike":
            parts |= self.search([("dealer_part_key", "=like", f"{key}%")], limit=limit)
        parts = parts.filtered_domain(domain or []) - self.browse(i for i, _name in found)
        # sudo: as Odoo's own name search, the names of what the user may find
        return [*found, *((part.id, part.display_name) for part in parts.sudo())][:limit]
