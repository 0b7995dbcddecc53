from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Levels on which somebody still has to buy: only they go back to the pool.
OPEN_KINDS = ("new", "intention")
#: Levels on which somebody is looked after by date.
FOLLOWED_KINDS = (*OPEN_KINDS, "ordered")
#: Published schemes: code of the level → (days between contacts, longest wait in days). A is
#: trade practice, B a Honda dealer's, C another dealer's; what a scheme leaves out stays as it is.
SCHEMES = {
    "a": {"O": (3, 3), "H": (1, 2), "A": (3, 4), "B": (7, 7), "C": (15, 15), "N": (1, 1)},
    "b": {"O": (1, 1), "H": (7, 7), "A": (15, 15), "B": (30, 30), "C": (90, 90)},
    "c": {"A": (14, 14), "B": (21, 21), "C": (30, 30)},
}
HOURS = {"hours": 1, "days": 24}


class DealerIntentionLevel(models.Model):
    """How soon a customer will buy (意向级别) and how often he is spoken to meanwhile.

    The hotter level stands first: a lead may always be raised, and is lowered with a reason.
    """

    _name = "dealer.intention.level"
    _description = "Intention Level"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    sequence = fields.Integer(default=10, help="The hotter level stands first.")
    active = fields.Boolean(default=True)
    code = fields.Char(required=True, help="Letter by which everybody calls the level.")
    name = fields.Char(string="Meaning", required=True, translate=True)
    kind = fields.Selection(
        [
            ("new", "Not graded yet"),
            ("intention", "Intends to buy"),
            ("ordered", "Ordered"),
            ("defeated", "Defeated"),
            ("delivered", "Delivered"),
        ],
        required=True,
        default="intention",
        help="What the level stands for. Orders, deliveries and defeats set theirs by themselves.",
    )
    interval_number = fields.Integer(
        string="Contact Every", help="Time from one contact to the next. 0: not planned."
    )
    interval_max = fields.Integer(
        string="At Most",
        help="Longest time that somebody may leave between two contacts. The pool takes a lead"
        " back after twice this time.",
    )
    interval_unit = fields.Selection(
        [("hours", "Hours"), ("days", "Days")], string="Unit", required=True, default="days"
    )
    color = fields.Integer(string="Colour")

    _code_uniq = models.UniqueIndex("(code)", "There is a level with this letter already.")
    _interval_positive = models.Constraint(
        "CHECK (interval_number >= 0 AND interval_max >= interval_number)",
        "The longest time between two contacts may not be shorter than the usual one.",
    )

    @api.depends("code", "name")
    @api.depends_context("dealer_level_code")
    def _compute_display_name(self):
        """The letter stands first: in chips and on cards it is all that is read."""
        for level in self:
            level.display_name = f"{level.code or ''} {level.name or ''}".strip()
            if self.env.context.get("dealer_level_code"):
                level.display_name = level.code

    # === INTERVALS ===
    def _get_interval(self):
        """Usual time between two contacts; none when the level is not followed up."""
        self.ensure_one()
        if self.kind not in FOLLOWED_KINDS:
            return timedelta()
        return timedelta(hours=self.interval_number * HOURS[self.interval_unit])

    def _get_longest(self):
        """Longest time between two contacts that a salesperson may choose."""
        self.ensure_one()
        if self.kind not in FOLLOWED_KINDS:
            return timedelta()
        return timedelta(hours=self.interval_max * HOURS[self.interval_unit])

    def _is_lower_than(self, other):
        """Whether a lead that comes from ``other`` to this level gets cooler by it."""
        self.ensure_one()
        graded = self.kind == "intention" and other.kind == "intention"
        back = self.kind == "new" and other.kind == "intention"
        return back or (graded and self.sequence > other.sequence)

    @api.model
    def _get_by_kind(self, kind):
        """The first level of a kind; an empty record when the shop has none."""
        return self.search([("kind", "=", kind)], limit=1)

    # === SCHEMES ===
    def action_load_scheme(self):
        """Take over the intervals of a published scheme, named by the button (context)."""
        scheme = SCHEMES.get(self.env.context.get("dealer_scheme"))
        if not scheme:
            raise UserError(self.env._("Choose one of the published schemes A, B or C."))
        self._load_scheme(scheme)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _load_scheme(self, scheme):
        levels = self.search([("code", "in", list(scheme))])
        for level in levels:
            usual, longest = scheme[level.code]
            level.write(
                {"interval_number": usual, "interval_max": longest, "interval_unit": "days"}
            )
