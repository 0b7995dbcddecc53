from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

#: What a comparison with the books writes.
COMPARED = ("expected_quantity", "difference", "difference_value", "moved_quantity", "result")


class DealerPartCountLine(models.Model):
    """One part in one bin of a count.

    What the books say is kept in fields that nobody may read; it is shown when the count is
    finished, in other fields.
    """

    _name = "dealer.part.count.line"
    _description = "Counted Part"
    _inherit = ["dealer.fact.mixin"]
    _order = "count_id desc, location_id, product_id, id"
    _rec_names_search = ["product_id", "location_id"]
    _fact_fields = frozenset(
        {
            "count_id",
            "product_id",
            "location_id",
            "lot_id",
            "snapshot_quantity",
            "book_quantity",
            "first_quantity",
            "is_open",
            "is_extra",
            "is_counted",
            "to_recount",
            "counted_by_id",
            "counted_on",
            "move_id",
            *COMPARED,
        }
    )

    count_id = fields.Many2one(
        "dealer.part.count", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="count_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one(related="count_id.warehouse_id", store=True, index=True)
    state = fields.Selection(related="count_id.state", store=True)
    date = fields.Date(related="count_id.date", store=True)
    product_id = fields.Many2one(
        "product.product", string="Part", required=True, readonly=True, index=True
    )
    part_number = fields.Char(related="product_id.default_code")
    categ_id = fields.Many2one(related="product_id.categ_id", string="Class", store=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    location_id = fields.Many2one(
        "stock.location", string="Bin", required=True, readonly=True, index=True
    )
    lot_id = fields.Many2one("stock.lot", readonly=True, index="btree_not_null")
    # Nobody reads these, so that no list, export or remote call tells who counts what to find.
    snapshot_quantity = fields.Float(digits="Product Unit", readonly=True, groups=NO_ACCESS)
    book_quantity = fields.Float(digits="Product Unit", readonly=True, groups=NO_ACCESS)
    first_quantity = fields.Float(digits="Product Unit", readonly=True, groups=NO_ACCESS)
    counted_quantity = fields.Float(string="Counted", digits="Product Unit")
    is_counted = fields.Boolean(readonly=True, index=True)
    is_open = fields.Boolean(readonly=True)
    is_extra = fields.Boolean(
        string="Not Listed", readonly=True, help="The books had none here when the count started."
    )
    to_recount = fields.Boolean(string="Count Again", readonly=True)
    counted_by_id = fields.Many2one("res.users", readonly=True, index=True)
    counted_on = fields.Datetime(readonly=True)
    expected_quantity = fields.Float(
        string="In the Books",
        digits="Product Unit",
        readonly=True,
        help="At the moment of counting. Shown when the count is finished.",
    )
    moved_quantity = fields.Float(
        string="Moved Meanwhile",
        digits="Product Unit",
        readonly=True,
        help="Between the start of the count and the counting of this line.",
    )
    difference = fields.Float(digits="Product Unit", readonly=True)
    difference_value = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    result = fields.Selection(
        [("match", "Matches"), ("short", "Shortage"), ("over", "Surplus")],
        readonly=True,
        index=True,
    )
    reason_id = fields.Many2one("dealer.part.count.reason", ondelete="restrict")
    remark = fields.Char()
    move_id = fields.Many2one("stock.move", readonly=True, index="btree_not_null")

    _open_once = models.UniqueIndex(
        "(product_id, location_id, COALESCE(lot_id, 0)) WHERE is_open",
        "One of these parts is being counted in this bin already. Finish or cancel that count"
        " first.",
    )
    _counted_not_negative = models.Constraint(
        "CHECK(counted_quantity >= 0)", "A counted quantity cannot be negative."
    )

    @api.depends("product_id", "location_id", "lot_id")
    def _compute_display_name(self):
        for line in self:
            names = [line.location_id.name, line.product_id.display_name, line.lot_id.name]
            line.display_name = " · ".join(filter(None, names))

    # === CRUD ===
    def write(self, vals):
        """A number typed into the list counts its line; reasons are for finished counts."""
        if not self.env.su:
            counted = vals.get("counted_quantity")
            if counted is not None:
                vals = {name: value for name, value in vals.items() if name != "counted_quantity"}
                self.check_access("write")
                self._count(dict.fromkeys(self, counted))
            if "reason_id" in vals and any(line.state != "review" for line in self):
                raise UserError(
                    self.env._("Reasons are given after counting and before the approval.")
                )
        return super().write(vals) if vals else True

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su and self:
            raise UserError(
                self.env._("Lines of a count are not deleted. Enter 0 where nothing lies.")
            )

    # === COUNTING ===
    def _count(self, quantities, moment=None):
        """Write what was counted, with the books of that moment.

        :param quantities: dict of line to quantity
        :param moment: when it was counted; now when not given
        """
        lines = self.browse([line.id for line in quantities])
        for count in lines.count_id:
            count._check_counting()
        moment = moment or fields.Datetime.now()
        lines._check_moment(moment)
        books = lines._get_book_quantities(moment)
        user_id = self.env.uid
        for line, quantity in quantities.items():
            # sudo: who counted what and when is a fact
            line.sudo().write(
                {
                    "counted_quantity": quantity,
                    "book_quantity": books[line.id],
                    "is_counted": True,
                    "to_recount": False,
                    "counted_by_id": user_id,
                    "counted_on": moment,
                }
            )

    def _check_moment(self, moment):
        for count in self.count_id:
            if not count.started_on <= moment <= fields.Datetime.now():
                raise UserError(
                    self.env._("Say a time between the start of %(name)s and now.", name=count.name)
                )
        done = self.filtered(lambda line: line.is_counted and line.count_id.round > 1)
        if done:
            raise UserError(
                self.env._(
                    "%(line)s is counted already and is not counted again now.",
                    line=done[0].display_name,
                )
            )

    def _get_book_quantities(self, moment):
        """Quantity in the books at a moment: stock of now, less what moved since."""
        self.env["stock.quant"].flush_model()
        self.env["stock.move.line"].flush_model()
        self.flush_recordset(["product_id", "location_id", "lot_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id,
                       COALESCE((SELECT SUM(quant.quantity)
                                   FROM stock_quant quant
                                  WHERE quant.product_id = line.product_id
                                    AND quant.location_id = line.location_id
                                    AND quant.owner_id IS NULL
                                    AND COALESCE(quant.lot_id, 0) = COALESCE(line.lot_id, 0)), 0)
                       - COALESCE((SELECT SUM(CASE WHEN move.location_dest_id = line.location_id
                                                   THEN move.quantity_product_uom
                                                   ELSE -move.quantity_product_uom END)
                                     FROM stock_move_line move
                                    WHERE move.product_id = line.product_id
                                      AND line.location_id IN (move.location_id,
                                                               move.location_dest_id)
                                      AND move.location_id != move.location_dest_id
                                      AND move.owner_id IS NULL
                                      AND COALESCE(move.lot_id, 0) = COALESCE(line.lot_id, 0)
                                      AND move.state = 'done'
                                      AND move.date > %(moment)s), 0)
                  FROM dealer_part_count_line line
                 WHERE line.id IN %(ids)s
                """,
                moment=moment,
                ids=tuple(self.ids) or (0,),
            )
        )
        return dict(rows)

    # === COMPARING ===
    def _get_unit_cost(self):
        """Cost of one unit in our books; called as superuser."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        if product.lot_valuated and self.lot_id:
            return self.lot_id.with_company(self.company_id).standard_price
        return product.standard_price

    def _get_lines_to_recount(self):
        """Lines whose difference is above one of the limits (domain-cn §5: 2 % or 200)."""
        Parameter = self.env["dealer.parameter"]
        share = Parameter._get_rate("part_count_recount_share", company=self.company_id[:1])
        amount = Parameter._get_value("part_count_recount_value", company=self.company_id[:1])
        again = []
        for line in self.sudo():  # sudo: book quantities and costs, for the check itself
            difference = line._get_difference()
            value = Decimal(str(abs(difference))) * Decimal(str(line._get_unit_cost()))
            book = Decimal(str(abs(line.book_quantity)))
            if difference and (Decimal(str(abs(difference))) > share * book or value > amount):
                again.append(line.id)
        return self.browse(again)

    def _get_difference(self):
        self.ensure_one()
        difference = self.counted_quantity - self.book_quantity
        return 0.0 if self.uom_id.is_zero(difference) else self.uom_id.round(difference)

    def _count_again(self):
        """Forget what was counted, for who counts; the first number is kept as evidence."""
        for line in self.sudo():  # sudo: facts
            line.write(
                {
                    "first_quantity": line.counted_quantity,
                    "counted_quantity": 0,
                    "is_counted": False,
                    "to_recount": True,
                }
            )

    def _compare(self):
        """Show what the books said, when everything is counted."""
        for line in self.sudo():  # sudo: facts
            difference = line._get_difference()
            value = line.currency_id.round(difference * line._get_unit_cost())
            line.write(
                {
                    "expected_quantity": line.book_quantity,
                    "moved_quantity": line.book_quantity - line.snapshot_quantity,
                    "difference": difference,
                    "difference_value": value,
                    "result": "match" if not difference else "short" if difference < 0 else "over",
                }
            )

    def _forget_comparison(self):
        self.write({**dict.fromkeys(COMPARED, False), "reason_id": False})

    def _check_reasons(self):
        for line in self:
            if not line.difference:
                continue
            if not line.reason_id:
                raise UserError(
                    self.env._(
                        "%(line)s differs: say the reason before you submit the count.",
                        line=line.display_name,
                    )
                )
            if line.reason_id.direction not in ("both", line.result):
                raise UserError(
                    self.env._(
                        "“%(reason)s” does not explain the difference of %(line)s.",
                        reason=line.reason_id.name,
                        line=line.display_name,
                    )
                )
