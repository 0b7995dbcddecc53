from markupsafe import Markup

from odoo import api, fields, models

from ..tools.stock_cost import stock_interest
from .product_template_cost_kind import COST_KINDS

# headings of the full cost, in the order in which they are shown
HEADINGS = [("price", "Purchase price"), *COST_KINDS, ("late", "Cost after the sale")]


class DealerVehicle(models.Model):
    """Everything that a car has cost and still costs: what is booked, and what is only estimated.

    Booked is what stands in the accounts: price, landed costs by their kind, and bills that came
    after the sale. Storage and interest of a car in stock are estimated by day, less what has
    been booked of the same kind already. ``_get_holding_costs`` is the place where a finance
    facility puts the real interest.
    """

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    holding_cost = fields.Monetary(
        string="Estimated Holding Cost",
        compute="_compute_full_cost",
        groups="dealer_base.group_vehicle_cost",
        help="Storage and interest until today that no document has booked.",
    )
    holding_cost_day = fields.Monetary(
        string="Holding Cost a Day",
        compute="_compute_full_cost",
        groups="dealer_base.group_vehicle_cost",
    )
    full_cost = fields.Monetary(
        compute="_compute_full_cost",
        groups="dealer_base.group_vehicle_cost",
        help="Booked cost, costs after the sale and estimated holding cost together.",
    )
    full_cost_table = fields.Html(
        compute="_compute_full_cost_table",
        groups="dealer_base.group_vehicle_cost",
    )

    @api.depends_context("company", "uid")
    @api.depends("unit_cost", "late_cost", "days_in_stock", "status")
    def _compute_full_cost(self):
        known = self._dealer_with_known_cost()
        # sudo: who may see costs need not read stock moves
        booked = known.sudo()._get_booked_holding_costs()
        for vehicle in self:
            holding = []
            if vehicle in known:
                # sudo: as above
                holding = vehicle.sudo()._get_open_holding_costs(booked.get(vehicle.id, {}))
            vehicle.holding_cost = sum(source["value"] for source in holding)
            vehicle.holding_cost_day = sum(source["day"] for source in holding)
            vehicle.full_cost = vehicle.unit_cost + vehicle.late_cost + vehicle.holding_cost

    @api.depends_context("company", "lang", "uid")
    @api.depends("full_cost")
    def _compute_full_cost_table(self):
        known = self._dealer_with_known_cost()
        (self - known).full_cost_table = False
        for vehicle in known:
            vehicle.full_cost_table = vehicle.sudo()._render_full_cost()  # sudo: as above

    # === BOOKED ===
    def _get_cost_sources_landed(self, move):
        """Landed costs say under which heading they belong."""
        sources = super()._get_cost_sources_landed(move)
        if sources:
            lines = move._get_landed_cost().get(move, ())
            for source, line in zip(sources, lines, strict=True):
                source["heading"] = line.cost_line_id.product_id.dealer_cost_kind or "other"
        return sources

    def _get_booked_costs(self):
        """Booked cost by heading."""
        self.ensure_one()
        booked = {}
        for source in self._get_cost_sources():
            heading = source.get("heading") or ("late" if source["kind"] == "late" else "price")
            booked[heading] = booked.get(heading, 0.0) + source["value"]
        return booked

    def _get_booked_holding_costs(self):
        """Landed costs of storage and interest by vehicle id and heading, for a whole list."""
        last_in = self.lot_id._dealer_last_in_moves()
        if not last_in:
            return {}
        lines = self.env["stock.valuation.adjustment.lines"]._read_group(
            [
                ("move_id", "in", [move.id for move in last_in.values()]),
                ("cost_id.state", "=", "done"),
                ("cost_line_id.product_id.dealer_cost_kind", "in", ("storage", "interest")),
            ],
            ["move_id", "cost_line_id"],
            ["additional_landed_cost:sum"],
        )
        by_move = {}
        for move, cost_line, amount in lines:
            heading = cost_line.product_id.dealer_cost_kind
            costs = by_move.setdefault(move, {})
            costs[heading] = costs.get(heading, 0.0) + amount / (move.quantity or 1)
        return {
            vehicle.id: by_move[last_in[vehicle.lot_id]]
            for vehicle in self
            if last_in.get(vehicle.lot_id) in by_move
        }

    # === ESTIMATED ===
    def _get_holding_costs(self):
        """What it costs to keep the car, from its arrival until today or its departure.

        :return: list of dicts: ``heading``, ``value``, ``day`` (what one more day costs) and
            ``justification``. Add a source by extending this method.
        """
        self.ensure_one()
        if not self.date_in or self.date_out or not self._dealer_has_stock_value():
            return []
        company = self.company_id or self.env.company
        Parameter = self.env["dealer.parameter"].with_company(company)
        day_rate = float(Parameter._get_value("storage_cost_day"))
        rate = Parameter._get_value("stock_interest_rate")
        free = int(Parameter._get_value("stock_interest_free_days"))
        days = self.days_in_stock
        next_day = stock_interest(self.unit_cost, rate, days + 1, free)
        interest = stock_interest(self.unit_cost, rate, days, free)
        return [
            {
                "heading": "storage",
                "value": day_rate * days,
                "day": day_rate,
                "justification": self.env._(
                    "%(days)s days of storage at %(rate)s a day",
                    days=days,
                    rate=self.currency_id.format(day_rate),
                ),
            },
            {
                "heading": "interest",
                "value": float(interest),
                "day": float(next_day - interest),
                "justification": self.env._(
                    "%(days)s days at %(rate)s %% a year, %(free)s of them free",
                    days=days,
                    rate=rate,
                    free=min(free, days),
                ),
            },
        ]

    def _get_open_holding_costs(self, booked=None):
        """Estimated holding costs less what has been booked of the same kind.

        :param booked: amounts by heading, when the caller has them already
        """
        self.ensure_one()
        holding = self._get_holding_costs()
        if not holding:
            return []
        if booked is None:
            booked = self._get_booked_holding_costs().get(self.id, {})
        return [
            dict(source, value=max(source["value"] - booked.get(source["heading"], 0.0), 0.0))
            for source in holding
        ]

    # === SHOWING ===
    def _render_full_cost(self):
        """Table of headings: booked, estimated."""
        self.ensure_one()
        booked = self._get_booked_costs()
        estimated = {source["heading"]: source for source in self._get_open_holding_costs()}
        names = dict(self._get_cost_headings())
        rows = Markup("").join(
            Markup("<tr><td>{}</td><td class='text-end'>{}</td><td class='text-end'>{}</td>"
                   "<td class='text-muted'>{}</td></tr>").format(
                names[heading],
                self.currency_id.format(booked[heading]) if heading in booked else "",
                self.currency_id.format(estimated[heading]["value"])
                if heading in estimated
                else "",
                estimated[heading]["justification"] if heading in estimated else "",
            )
            for heading, _name in HEADINGS
            if heading in booked or heading in estimated
        )  # fmt: skip
        if not rows:
            return False
        return Markup(
            "<table class='table table-sm'><thead><tr><th></th><th class='text-end'>{}</th>"
            "<th class='text-end'>{}</th><th></th></tr></thead><tbody>{}</tbody></table>"
        ).format(self.env._("Booked"), self.env._("Estimated"), rows)

    @api.model
    def _get_cost_headings(self):
        """Headings in the reader's language."""
        kinds = self.env["product.template"]._fields["dealer_cost_kind"]
        return [
            ("price", self.env._("Purchase price")),
            *kinds._description_selection(self.env),
            ("late", self.env._("Cost after the sale")),
        ]

    # === ENTERING ===
    def _create_landed_cost(self, product, amount, split_method="equal", partner=None):
        """Draft landed cost on these cars; only the accountant posts it."""
        accounts = product.product_tmpl_id.get_product_accounts()
        # sudo: whoever orders the work states its cost; posting stays with the accountant
        return (
            self.env["stock.landed.cost"]
            .sudo()
            .create(
                {
                    "company_id": self.company_id[:1].id,
                    "target_model": "vehicle",
                    "dealer_vehicle_ids": [fields.Command.set(self.ids)],
                    "cost_lines": [
                        fields.Command.create(
                            {
                                "product_id": product.id,
                                "name": " ".join(
                                    filter(None, (product.name, partner and partner.name))
                                ),
                                "price_unit": amount,
                                "split_method": split_method,
                                "account_id": accounts["expense"].id,
                            }
                        )
                    ],
                }
            )
        )
