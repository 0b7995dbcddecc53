import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.dealer_base.tools.identifiers import normalize_vin

STATES = [("draft", "New"), ("open", "Open"), ("closed", "Closed")]


class DealerRecall(models.Model):
    """A recall of the maker (召回) and the cars that it concerns.

    While a recall with a stop of sale is open for a car, the car can neither be sold, allocated nor
    delivered (Regulation on Recall of Defective Automobile Products, Art. 11 and 17; records are
    kept for at least five years).
    """

    _name = "dealer.recall"
    _description = "Recall"
    _inherit = ["dealer.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["code", "name"]

    _fact_fields = frozenset({"state", "date_opened", "opened_by_id", "date_closed"})

    code = fields.Char(string="Campaign No.", required=True, tracking=True)
    name = fields.Char(string="Defect", required=True, tracking=True)
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand", required=True, index=True, ondelete="restrict"
    )
    date = fields.Date(
        string="Notified On", required=True, default=fields.Date.context_today, tracking=True
    )
    stop_sale = fields.Boolean(
        default=True,
        tracking=True,
        help="Cars of the recall are neither sold nor delivered until they are done.",
    )
    measure = fields.Text(string="What Is Done")
    model_ids = fields.Many2many("fleet.vehicle.model", string="Trims")
    production_from = fields.Date(string="Produced From")
    production_to = fields.Date(string="Produced To")
    vin_text = fields.Text(
        string="VINs to Add", help="Paste the list of the maker: one VIN a line, or with commas."
    )
    unknown_vins = fields.Text(string="VINs Not Found", readonly=True, copy=False)
    line_ids = fields.One2many("dealer.recall.line", "recall_id", string="Cars", copy=False)
    line_count = fields.Integer(string="Number of Cars", compute="_compute_counts")
    open_count = fields.Integer(string="Cars to Do", compute="_compute_counts")
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True
    )
    opened_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_opened = fields.Datetime(string="Opened On", readonly=True, copy=False)
    date_closed = fields.Datetime(string="Closed On", readonly=True, copy=False)

    close_reason = fields.Text(
        string="Why Cars Stay Open",
        copy=False,
        tracking=True,
        help="Asked for when the stop of sale ends although cars are not done: the service manager"
        " answers for it.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(brand_id, code)", "This campaign of the brand has been entered already."
    )

    # === COMPUTES ===
    @api.depends("code", "name")
    def _compute_display_name(self):
        for recall in self:
            recall.display_name = " ".join(filter(None, (recall.code, recall.name)))

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {}
        for recall, state, count in self.env["dealer.recall.line"]._read_group(
            [("recall_id", "in", self.ids)], ["recall_id", "state"], ["__count"]
        ):
            counts.setdefault(recall.id, {})[state] = count
        for recall in self:
            by_state = counts.get(recall.id, {})
            recall.line_count = sum(by_state.values())
            recall.open_count = by_state.get("open", 0)

    # === CRUD ===
    def write(self, vals):
        """To lift the stop of sale is the after-sales people's, like the end of the recall."""
        lifted = not self.env.su and "stop_sale" in vals and not vals["stop_sale"]
        if lifted:
            self._check_may_finish()
        result = super().write(vals)
        if lifted:
            self.filtered(lambda recall: recall.state == "open")._check_open_cars()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(recall.state != "draft" for recall in self):
            raise UserError(self.env._("A recall is kept for five years. Close it instead."))

    @api.model
    def _check_may_finish(self):
        """Whoever sells the car does not decide that it is safe."""
        user = self.env.user
        if not self.env.su and not any(
            user.has_group(f"dealer_base.group_{role}")
            for role in ("warranty_clerk", "service_manager")
        ):
            raise UserError(
                self.env._(
                    "Only the warranty clerk or the service manager may say that a car of a recall"
                    " is done. Ask one of them."
                )
            )

    def _check_open_cars(self):
        """With cars still open, the stop of sale ends by the service manager's word only.

        :raise UserError: with the cars, and what to do
        """
        is_manager = self.env.su or self.env.user.has_group("dealer_base.group_service_manager")
        for recall in self:
            # sudo: cars of sister companies are concerned, too
            waiting = recall.sudo().line_ids.filtered(lambda line: line.state == "open")
            if not waiting:
                continue
            cars = ", ".join(waiting.vehicle_id.mapped("display_name"))
            if not is_manager or not (recall.close_reason or "").strip():
                raise UserError(
                    self.env._(
                        "These cars of the recall are not done: %(cars)s. Finish them first, or let"
                        " the service manager write under “Why Cars Stay Open” why they may go.",
                        cars=cars,
                    )
                )
            recall.message_post(
                body=self.env._(
                    "The stop of sale ends with open cars: %(cars)s. Reason: %(reason)s",
                    cars=cars,
                    reason=recall.close_reason,
                )
            )

    # === ACTIONS ===
    def action_add_vins(self):
        """Add the cars of the pasted list; VINs that we do not know are shown."""
        for recall in self:
            vins = {
                normalize_vin(word)
                for word in re.split(r"[\s,;，；、]+", recall.vin_text or "")
                if word
            }
            if not vins:
                raise UserError(self.env._("Paste the VINs of the recall first."))
            # sudo: cars of sister companies are concerned, too
            Vehicle = self.env["dealer.vehicle"].sudo().with_context(active_test=False)
            found = Vehicle.search([("vin", "in", list(vins))])
            recall._add_vehicles(found)
            recall.write(
                {
                    "vin_text": False,
                    "unknown_vins": "\n".join(sorted(vins - set(found.mapped("vin")))),
                }
            )
        return True

    def action_find_cars(self):
        """Add the cars of the trims and production dates of the recall."""
        for recall in self:
            if not recall.model_ids:
                raise UserError(self.env._("Choose the trims of the recall first."))
            domain = Domain("model_id", "in", recall.model_ids.ids)
            if recall.production_from:
                domain &= Domain("production_date", ">=", recall.production_from)
            if recall.production_to:
                domain &= Domain("production_date", "<=", recall.production_to)
            # sudo: cars of sister companies are concerned, too
            Vehicle = self.env["dealer.vehicle"].sudo().with_context(active_test=False)
            recall._add_vehicles(Vehicle.search(domain))
        return True

    def _add_vehicles(self, vehicles):
        """Put cars on the list of this recall, once each."""
        self.ensure_one()
        recall = self.sudo()  # sudo: lines of cars of sister companies are not visible
        new = vehicles - recall.line_ids.vehicle_id
        self.write({"line_ids": [Command.create({"vehicle_id": car.id}) for car in new]})
        if self.state == "open":
            recall.line_ids.filtered(lambda line: line.vehicle_id in new)._tell_orders()

    def action_open(self):
        """The recall is in force: its cars are stopped and their salespeople told."""
        self.check_access("write")
        # sudo: state and signature are not written by hand; cars of sister companies count
        for recall in self.sudo().filtered(lambda recall: recall.state != "open"):
            recall.write(
                {
                    "state": "open",
                    "opened_by_id": self.env.uid,
                    "date_opened": fields.Datetime.now(),
                    "date_closed": False,
                }
            )
            recall.line_ids._tell_orders()
        return True

    def action_close(self):
        """Every car is done, or the maker has ended the recall and a manager says why they go."""
        self.check_access("write")
        self._check_may_finish()
        self._check_open_cars()
        # sudo: see action_open
        self.sudo().write({"state": "closed", "date_closed": fields.Datetime.now()})
        return True

    def action_view_lines(self):
        """Open the cars of these recalls."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_recall_line_action"
        )
        return dict(action, domain=[("recall_id", "in", self.ids)], context={})
