from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin


class DealerFitment(models.Model):
    """An internal job that puts accessories (精品) on a car.

    What the customer has bought, or gets as a gift, is issued against the order and is a cost of
    the deal. What we fit on our own account, e.g. film on a showroom car, is issued from stock
    and added to the cost of that very car.
    """

    _name = "dealer.fitment"
    _description = "Accessory Fitment"
    _inherit = [
        DealerFactMixin._name,
        DealerDerivedMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_planned, id desc"
    _rec_name = "vehicle_id"
    _check_company_auto = True

    _fixed_fields = frozenset({"vehicle_id", "order_id", "company_id"})
    _fact_fields = frozenset({"state", "done_by_id", "done_on", "landed_cost_id", "picking_id"})

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        "sale.order", string="Deal", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    user_id = fields.Many2one("res.users", string="Fitter", index=True, tracking=True)
    date_planned = fields.Date("Planned For", default=fields.Date.context_today)
    state = fields.Selection(
        [("planned", "To do"), ("done", "Fitted"), ("cancel", "Cancelled")],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("dealer.fitment.line", "fitment_id", string="Accessories")
    note = fields.Text()
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    done_on = fields.Datetime(readonly=True, copy=False)
    picking_id = fields.Many2one(
        "stock.picking", string="Issue", readonly=True, copy=False, ondelete="set null"
    )
    landed_cost_id = fields.Many2one(
        "stock.landed.cost",
        string="Added to the Cost",
        readonly=True,
        copy=False,
        groups="dealer_base.group_vehicle_cost",
    )

    @api.depends("order_id", "vehicle_id")
    def _compute_warehouse_id(self):
        for fitment in self:
            fitment.warehouse_id = (
                fitment.order_id.warehouse_id
                or fitment.vehicle_id.warehouse_id
                or fitment.warehouse_id
            )

    # === ACTIONS ===
    def action_done(self):
        """The accessories are on the car: they leave the stock, and their cost follows them."""
        self.check_access("write")
        for fitment in self:
            fitment._check_open()
            if not fitment.line_ids:
                raise UserError(self.env._("Say first what is fitted."))
            fitment._issue_sold()
            fitment._issue_own()
        # sudo: who and when are nobody's to choose
        self.sudo().write(
            {"state": "done", "done_by_id": self.env.uid, "done_on": fields.Datetime.now()}
        )

    def action_cancel(self):
        """The job is not done."""
        self.check_access("write")
        self._check_open()
        self.sudo().state = "cancel"  # sudo: written by the steps only

    def _check_open(self):
        for fitment in self:
            if fitment.state != "planned":
                raise UserError(
                    self.env._(
                        "The fitment of %(car)s is finished already.",
                        car=fitment.vehicle_id.display_name,
                    )
                )

    # === STOCK ===
    def _issue_sold(self):
        """Accessories of the order go out on the order; the car stays on its own transfer."""
        self.ensure_one()
        # sudo: fitters may not touch transfers; the job says which goods and how many
        moves = self.sudo().line_ids.sale_line_id.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        for picking in moves.picking_id:
            here = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            issued = here & moves
            issued._action_assign()
            self._check_in_stock(issued)
            (here - issued).picked = False
            issued.picked = True
            picking._action_done()

    def _issue_own(self):
        """What we fit on our own account leaves the stock and becomes part of the car's cost."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.sale_line_id)
        if not lines:
            return
        # sudo: fitters may touch neither stock nor cost; the amounts are those of the stock
        fitment = self.sudo()
        car = fitment.vehicle_id
        if not car._dealer_has_stock_value():
            raise UserError(
                self.env._(
                    "%(car)s is not in our stock: nothing can be fitted on our own account.",
                    car=car.display_name,
                )
            )
        issue = fitment.env["stock.picking"].create(self._prepare_issue_vals(lines))
        issue.action_confirm()
        issue.action_assign()
        moves = issue.move_ids
        self._check_in_stock(moves)
        moves.picked = True
        issue._action_done()
        fitment.picking_id = issue
        if not self.company_id.currency_id.is_zero(sum(moves.mapped("value"))):
            cost = fitment.env["stock.landed.cost"].create(self._prepare_cost_vals(moves))
            cost.button_validate()
            fitment.landed_cost_id = cost

    def _check_in_stock(self, moves):
        """Refuse to fit what nobody can take off the shelf."""
        short = moves.filtered(lambda move: move.state != "assigned")
        if short:
            raise UserError(
                self.env._(
                    "Not in stock: %(products)s. Ask the parts keeper.",
                    products=", ".join(short.product_id.mapped("display_name")),
                )
            )

    def _prepare_issue_vals(self, lines):
        """Values of the transfer by which accessories of our own leave the stock."""
        self.ensure_one()
        destination = self.company_id._dealer_fitment_location()
        return {
            "picking_type_id": self.warehouse_id.int_type_id.id,
            "location_id": self.warehouse_id.lot_stock_id.id,
            "location_dest_id": destination.id,
            "origin": self.vehicle_id.vin or self.vehicle_id.display_name,
            "move_ids": [Command.create(line._prepare_move_vals(destination)) for line in lines],
        }

    def _prepare_cost_vals(self, moves):
        """Values of the landed cost that adds the issued goods to the car."""
        self.ensure_one()
        account = self.company_id._dealer_fitment_location().valuation_account_id
        return {
            "company_id": self.company_id.id,
            "target_model": "vehicle",
            "dealer_vehicle_ids": [Command.set(self.vehicle_id.ids)],
            "cost_lines": [
                Command.create(
                    {
                        "product_id": self.env.ref("dealer_vehicle.product_fitment").id,
                        "name": move.product_id.display_name,
                        "price_unit": move.value,
                        "split_method": "equal",
                        "account_id": account.id,
                    }
                )
                for move in moves
            ],
        }
