from odoo import api, fields, models
from odoo.tools import SQL


class DealerVehicle(models.Model):
    """What a car cost, and where each part of the amount comes from."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    unit_cost = fields.Monetary(
        string="Cost",
        compute="_compute_unit_cost",
        groups="dealer_base.group_vehicle_cost",
        help="Value of the car in stock, or its value when it left.",
    )
    late_cost = fields.Monetary(
        string="Cost After Sale",
        compute="_compute_late_cost",
        groups="dealer_base.group_vehicle_cost",
        help="Posted expenses of the car that are not part of its stock value.",
    )
    cost_detail = fields.Text(
        compute="_compute_cost_detail",
        groups="dealer_base.group_vehicle_cost",
    )

    @api.depends_context("company", "uid")
    @api.depends(
        "lot_id.standard_price",
        "product_id.standard_price",
        "purchase_line_id.price_unit",
        "status",
    )
    def _compute_unit_cost(self):
        # sudo: who may see costs need not read lots and purchases
        costs = self._dealer_with_known_cost().sudo()._get_unit_costs()
        for vehicle in self:
            vehicle.unit_cost = costs.get(vehicle.id, 0.0)

    @api.depends_context("company", "uid")
    @api.depends("company_id")
    def _compute_late_cost(self):
        late = self._dealer_with_known_cost().sudo()._get_late_costs()  # sudo: as above
        for vehicle in self:
            vehicle.late_cost = sum(amount for amount, _label in late.get(vehicle.id, ()))

    @api.depends_context("company", "uid")
    @api.depends("unit_cost")
    def _compute_cost_detail(self):
        known = self._dealer_with_known_cost()
        (self - known).cost_detail = False
        for vehicle in known:
            vehicle.cost_detail = "\n".join(
                f"{vehicle.currency_id.format(source['value'])}  {source['justification']}"
                for source in vehicle.sudo()._get_cost_sources()  # sudo: as above
            )

    def _get_unit_cost(self):
        """Cost of one car in the currency of its company, 0.0 when it never was ours."""
        self.ensure_one()
        return self._get_unit_costs()[self.id]

    def _get_unit_costs(self):
        """Cost by vehicle id.

        A car on order costs what its purchase line says. A car that came costs what its serial
        number does, or its product when the product is only this car; a consigned car costs
        us nothing as long as it is not bought. Callers answer for the right to see costs.
        """
        costs = {}
        for vehicle in self:
            company = vehicle.company_id or self.env.company
            lot = vehicle.lot_id.with_company(company)
            line = vehicle.purchase_line_id
            if line and (not lot or vehicle.status == "on_order"):
                cost = line._get_stock_move_price_unit()
            elif lot:
                cost = (lot if lot.product_id.lot_valuated else lot.product_id).standard_price
            else:
                cost = 0.0
            costs[vehicle.id] = cost
        return costs

    # === SOURCES ===
    def _get_cost_sources(self):
        """Parts of the cost, each with its value and a reason that a person understands.

        :return: list of dicts with ``kind`` (purchase, bill, manual, opening, landed, late),
            ``value`` in the currency of the company and ``justification``. All but the late
            ones add up to the unit cost. Add a source by extending this method.
        """
        self.ensure_one()
        if not self.lot_id or self.status == "on_order":
            return self._get_cost_sources_order()
        move = self.lot_id._dealer_last_in_moves().get(self.lot_id)
        if not move:
            return self._get_cost_sources_late()
        return (
            self._get_cost_sources_receipt(move)
            + self._get_cost_sources_landed(move)
            + self._get_cost_sources_late()
        )

    def _get_cost_sources_order(self):
        """What the open purchase order says."""
        line = self.purchase_line_id
        if not line:
            return []
        return [
            {
                "kind": "purchase",
                "value": line._get_stock_move_price_unit(),
                "justification": self.env._(
                    "Ordered on %(order)s, not received yet", order=line.order_id.name
                ),
            }
        ]

    def _get_cost_sources_receipt(self, move):
        """What the bill, else the order, says about the receipt of the car."""
        data = move._get_value_data(add_extra_value=False)
        quantity = data["quantity"] or 1
        line = move.purchase_line_id
        bills = line.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        if move._get_manual_value(quantity)["quantity"]:
            kind = "manual"
        elif bills:
            kind = "bill"
        else:
            kind = "purchase" if line else "opening"
        sources = [
            {
                "kind": kind,
                "value": data["value"] / quantity,
                "justification": data["description"],
            }
        ]
        ordered = line and line._get_stock_move_price_unit()
        if kind == "bill" and ordered != sources[0]["value"]:
            # say what the order promised and what the bill changed
            sources[0].update(
                kind="purchase",
                value=ordered,
                justification=self.env._("Ordered on %(order)s", order=line.order_id.name),
            )
            sources.append(
                {
                    "kind": "bill",
                    "value": data["value"] / quantity - ordered,
                    "justification": self.env._(
                        "Corrected by bill %(bills)s",
                        bills=", ".join(bills.move_id.mapped("name")),
                    ),
                }
            )
        return sources

    def _get_cost_sources_landed(self, move):
        """Each landed cost on the receipt; a manual value replaces them."""
        quantity = move._get_valued_qty() or 1
        if move._get_manual_value(quantity)["quantity"]:
            return []
        return [
            {
                "kind": "landed",
                "value": line.additional_landed_cost / quantity,
                "justification": self.env._(
                    "%(what)s (landed cost %(document)s)",
                    what=line.cost_line_id.name or line.cost_line_id.product_id.display_name,
                    document=line.cost_id.name,
                ),
            }
            for line in move._get_landed_cost().get(move, ())
        ]

    def _get_cost_sources_late(self):
        """Expenses posted on the car itself, outside its stock value."""
        return [
            {"kind": "late", "value": amount, "justification": label}
            for amount, label in self._get_late_costs().get(self.id, ())
        ]

    def _get_late_costs(self):
        """Posted expense items of the cars that are not cost of goods sold, by vehicle id.

        Like the unit cost, they are those of the company that has, or had, the car: the books
        of another one are in another currency perhaps, and not for the same eyes.
        """
        if not self.ids:
            return {}
        self.env["account.move.line"].flush_model()
        self.flush_recordset(["company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                  SELECT item.dealer_vehicle_id, item.balance,
                         CONCAT_WS(' ', item.move_name, item.name)
                    FROM account_move_line item
                    JOIN account_account account ON account.id = item.account_id
                    JOIN dealer_vehicle vehicle ON vehicle.id = item.dealer_vehicle_id
                   WHERE vehicle.id IN %s
                     AND item.company_id = COALESCE(vehicle.company_id, %s)
                     AND item.parent_state = 'posted'
                     AND item.display_type != 'cogs'
                     AND starts_with(account.account_type, 'expense')
                ORDER BY item.date, item.id
                """,
                tuple(self.ids),
                self.env.company.id,
            )
        )
        late = {}
        for vehicle_id, balance, label in rows:
            late.setdefault(vehicle_id, []).append((float(balance), label))
        return late

    # === LATE COST ===
    def action_create_late_cost_bill(self):
        """Open a draft bill whose line is a cost of this car (button "Late cost")."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Late cost of %(car)s", car=self.display_name),
            "res_model": "account.move",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_move_type": "in_invoice",
                "default_invoice_line_ids": [
                    fields.Command.create(self._prepare_late_cost_line_vals())
                ],
            },
        }

    def _prepare_late_cost_line_vals(self):
        """Bill line of a cost that arrives when the car has left, straight to cost of sales."""
        self.ensure_one()
        company = self.company_id or self.env.company
        product = self.product_id.with_company(company)
        accounts = product.product_tmpl_id.get_product_accounts() if product else {}
        account = accounts.get("expense") or company.expense_account_id
        return {
            "name": self.env._("Late cost of %(car)s", car=self.vin or self.display_name),
            "quantity": 1,
            "account_id": account.id,
            "dealer_vehicle_id": self.id,
        }

    # === SALES FOLLOW THE COST ===
    def _dealer_refresh_sale_costs(self):
        """Write the present cost on quotations and orders that still have the car to deliver."""
        lines = self.sale_line_ids.filtered(
            lambda line: (
                line.state in ("draft", "sent")
                or (line.state == "sale" and line.dealer_vehicle_held)
            )
        )
        if not lines:
            return
        costs = lines.dealer_vehicle_id._get_unit_costs()
        for line in lines:
            cost = line._convert_to_sol_currency(
                costs[line.dealer_vehicle_id.id], line.company_id.currency_id
            )
            if line.currency_id.compare_amounts(line.purchase_price, cost):
                line.purchase_price = cost
