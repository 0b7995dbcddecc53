from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.supersession import find_cycle

KINDS = [
    ("one_way", "Replaced by"),
    ("two_way", "Interchangeable with"),
    ("split", "Divided into"),
    ("merge", "Merged into"),
]
#: Kinds in which the new part takes the place of the old one
REPLACING = ("one_way", "split", "merge")


class DealerPartSupersession(models.Model):
    """The maker replaces a part number by another one (替代关系, domain-cn §5, features P-02).

    Rows make chains. Of an old number only the end of its chain is ordered, and the old stock is
    sold first. A part that is divided has one row for each of its pieces.
    """

    _name = "dealer.part.supersession"
    _description = "Supersession"
    _order = "date_from desc, id desc"

    old_product_id = fields.Many2one(
        "product.product",
        string="Old Part",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("dealer_is_part", "=", True)],
    )
    kind = fields.Selection(KINDS, required=True, default="one_way")
    new_product_id = fields.Many2one(
        "product.product",
        string="New Part",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("dealer_is_part", "=", True)],
    )
    quantity = fields.Float(
        string="For One",
        required=True,
        default=1.0,
        digits="Product Unit",
        help="How many of the new part take the place of one old part.",
    )
    use_old = fields.Boolean(
        string="Sell Old Stock",
        default=True,
        help="What is left of the old part is sold first, also to who asks for the new number."
        " Untick it when the old part must not be fitted any more.",
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Char()

    _parts_differ = models.Constraint(
        "CHECK (old_product_id <> new_product_id)", "A part cannot replace itself."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "One old part is replaced by more than zero new ones."
    )
    _pair_unique = models.UniqueIndex(
        "(old_product_id, new_product_id)", "These two parts are linked already."
    )
    # split and two-way parts have several partners
    _successor_unique = models.UniqueIndex(
        "(old_product_id) WHERE kind IN ('one_way', 'merge')",
        "This part is replaced already. Change that row, or say that it is divided.",
    )

    @api.depends("old_product_id", "new_product_id", "kind")
    def _compute_display_name(self):
        for row in self:
            arrow = "↔" if row.kind == "two_way" else "→"
            row.display_name = (
                f"{row.old_product_id._dealer_get_number()} {arrow} "
                f"{row.new_product_id._dealer_get_number()}"
            )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        self._lock()
        return super().create(vals_list)

    def write(self, vals):
        if {"old_product_id", "new_product_id", "kind"} & vals.keys():
            self._lock()
        return super().write(vals)

    def _lock(self):
        """One change of chains at a time: two rows that are right alone may make a loop."""
        self.env.cr.execute("SELECT pg_advisory_xact_lock(hashtext('dealer_part_supersession'))")

    # === CHECKS ===

    @api.constrains("old_product_id", "new_product_id", "kind")
    def _check_kinds(self):
        rows = self._get_rows(self.old_product_id)
        for old, same in rows.grouped("old_product_id").items():
            kinds = set(same.mapped("kind")) & set(REPLACING)
            if len(kinds) > 1:
                raise ValidationError(
                    self.env._(
                        "%(part)s is either replaced by one part or divided into several, not"
                        " both.",
                        part=old._dealer_get_number(),
                    )
                )

    @api.constrains("old_product_id", "new_product_id", "kind")
    def _check_loop(self):
        rows = self._get_rows(self.old_product_id | self.new_product_id)
        pairs = [(row.old_product_id, row.new_product_id, row.kind) for row in rows]
        loop = find_cycle(
            [(old, new) for old, new, kind in pairs if kind != "two_way"],
            [(old, new) for old, new, kind in pairs if kind == "two_way"],
        )
        if loop:
            raise ValidationError(
                self.env._(
                    "These parts would replace each other in a circle: %(loop)s. Remove one of the"
                    " steps.",
                    loop=" → ".join(part._dealer_get_number() for part in loop),
                )
            )

    # === GRAPH ===

    @api.model
    def _get_rows(self, products):
        """All rows of the chains to which the parts belong."""
        ids = {i for family in self._get_reach(products).values() for i in family}
        return self.search([("old_product_id", "in", list(ids))])

    @api.model
    def _get_reach(self, products):
        """Ids of all parts on the chain of each part, itself included: ``{id: {ids}}``."""
        reach = {product_id: {product_id} for product_id in products.ids}
        if not reach:
            return reach
        self.flush_model(["old_product_id", "new_product_id"])
        query = SQL(
            """
            WITH RECURSIVE reach(root, id) AS (
                SELECT part, part FROM unnest(%s) AS part
                UNION
                SELECT reach.root, pair.there
                  FROM reach
                  JOIN (SELECT old_product_id AS here, new_product_id AS there
                          FROM dealer_part_supersession
                         UNION ALL
                        SELECT new_product_id, old_product_id FROM dealer_part_supersession
                       ) AS pair ON pair.here = reach.id
            )
            SELECT root, array_agg(id) FROM reach GROUP BY root
            """,
            list(products.ids),
        )
        for root, ids in self.env.execute_query(query):
            reach[root].update(ids)
        return reach
