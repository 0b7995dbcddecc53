from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: What was repaired belongs to what the buyer must be told; a missing paper is no repair.
REPAIRABLE_PARTS = ("body", "glass", "wheel", "interior", "technical")
#: Used cars have their own disclosure of everything known.
DISCLOSED_KINDS = ("new", "demo")
#: Who looks at cars, or answers for them, says what is damaged; sellers do not.
JUDGES = (
    "stock_keeper",
    "inspector",
    "sales_manager",
    "usedcar_manager",
    "general_manager",
    "admin",
)
JUDGED = {"part", "description", "date"}
REPAIR_FIELDS = {"is_repaired", "repair_date", "repaired_by_id"}
#: What the buyer is told, and what shows how grave it was.
TOLD_FIELDS = {"vehicle_id", "date", "part", "description", "estimate", "repair_note"}


class DealerVehicleDamage(models.Model):
    """A damage that was repaired before the car was sold must be told to its buyer.

    Supreme Court guiding case 17 (张莉案): who sells a repaired car as new without proof that the
    buyer knew pays the price back and three times the price on top (Consumer Protection Law,
    Art. 55).
    """

    _inherit = "dealer.vehicle.damage"  # pylint: disable=consider-merging-classes-inherited

    is_repaired = fields.Boolean(string="Repaired", readonly=True, copy=False, tracking=True)
    repair_date = fields.Date(readonly=True, copy=False)
    repair_note = fields.Char(string="What Was Repaired", copy=False)
    repaired_by_id = fields.Many2one("res.users", string="Recorded By", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_repair_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_repair_fields(vals)
        if TOLD_FIELDS & vals.keys() and not self.env.su and any(self.mapped("is_repaired")):
            raise UserError(
                self.env._("What was repaired cannot be rewritten: the buyer is told of it.")
            )
        if JUDGED & vals.keys() and not self.env.su:
            self._check_may_judge()
        return super().write(vals)

    @api.model
    def _check_may_judge(self):
        """Refuse sellers another word for a damage: "missing" needs no disclosure, paint does."""
        if not any(self.env.user.has_group(f"dealer_base.group_{role}") for role in JUDGES):
            raise AccessError(
                self.env._("The stock keeper, an inspector or a manager says what is damaged.")
            )

    @api.model
    def _check_repair_fields(self, vals):
        if not self.env.su and vals.keys() & REPAIR_FIELDS:
            raise UserError(self.env._("Use the button to record a repair; it cannot be undone."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_repaired(self):
        if any(damage.is_repaired for damage in self):
            raise UserError(self.env._("A repair is kept: the buyer of the car is told of it."))

    def action_repaired(self):
        """The damage has been repaired; whoever buys the car as new must sign that he knows."""
        self.check_access("write")
        for damage in self.filtered(lambda damage: not damage.is_repaired):
            if damage.part in REPAIRABLE_PARTS and not damage.repair_note:
                raise UserError(
                    self.env._(
                        "Write down what was repaired for “%(damage)s” first. The buyer reads it.",
                        damage=damage.description,
                    )
                )
            # sudo: the fact is not written by hand
            damage.sudo().write(
                {
                    "is_repaired": True,
                    "repair_date": fields.Date.context_today(self),
                    "repaired_by_id": self.env.uid,
                }
            )
        # sudo: stock keepers record repairs, the orders are the salespeople's
        lines = self.sudo().vehicle_id.sale_line_ids.filtered(
            lambda line: not line._dealer_was_delivered()
        )
        lines._dealer_make_disclosures()
        return True

    @api.model
    def _is_told(self, vehicle):
        """Whether the buyer of this car must be told of repairs; see ``_get_disclosed_domain``."""
        policy = vehicle.product_id.categ_id.dealer_product_policy
        return vehicle.kind in DISCLOSED_KINDS or policy == "shared"

    @api.model
    def _get_disclosed_domain(self, vehicles):
        """Repairs of these cars that a buyer must be told.

        A car that was bought as new stays one, whatever somebody writes as its kind: its product
        tells, which cannot be changed any more.
        """
        is_new = Domain("vehicle_id.kind", "in", DISCLOSED_KINDS) | Domain(
            "vehicle_id.product_id.categ_id.dealer_product_policy", "=", "shared"
        )
        return (
            is_new
            & Domain("vehicle_id", "in", vehicles.ids)
            & Domain("is_repaired", "=", True)
            & Domain("part", "in", REPAIRABLE_PARTS)
        )
