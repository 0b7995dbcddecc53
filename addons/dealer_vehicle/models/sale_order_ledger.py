from odoo import api, fields, models

from ..tools.price_policy import to_decimal


class SaleOrder(models.Model):
    """A deal writes what it gave away into the ledger of deviations."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_deviation_ids = fields.One2many(
        "dealer.deviation", "order_id", string="Deviations", readonly=True, copy=False
    )
    dealer_deviation_count = fields.Integer(compute="_compute_dealer_deviation_count")

    def _compute_dealer_deviation_count(self):
        counts = dict(
            self.env["dealer.deviation"]._read_group(
                [("order_id", "in", self.ids), ("state", "=", "granted")],
                ["order_id"],
                ["__count"],
            )
        )
        for order in self:
            order.dealer_deviation_count = counts.get(order, 0)

    def _dealer_record(self, kind, comment=False):
        """The ledger follows every confirmation, change and cancellation."""
        result = super()._dealer_record(kind, comment)
        if kind in ("confirmed", "changed"):
            self._dealer_write_ledger()
        elif kind == "cancelled":
            # sudo: nobody writes the ledger but this method
            self.sudo().dealer_deviation_ids.filtered(
                lambda row: row.state == "granted"
            ).state = "void"
        return result

    def _dealer_write_ledger(self):
        """Bring the ledger up to the prices that are agreed now.

        A row whose deviation is the same stays, every other one is void and replaced.
        """
        deviations = self._dealer_get_deviations()
        # sudo: nobody writes the ledger but this method
        ledger = self.sudo().dealer_deviation_ids.filtered(lambda row: row.state == "granted")
        rows = {(row.order_id.id, row.line_id.id, row.kind): row for row in ledger}
        vals_list, kept = [], ledger.browse()
        for order in self:
            for one in deviations[order]:
                row = rows.get((order.id, one.line.id, one.kind))
                if row and order._dealer_is_same_deviation(row, one):
                    kept |= row
                else:
                    vals_list.append(order._dealer_prepare_deviation_vals(one))
        (ledger - kept).state = "void"
        (ledger - kept).flush_recordset(["state"])  # the index allows one granted row at a time
        ledger.create(vals_list)

    @api.model
    def _dealer_is_same_deviation(self, row, deviation):
        """Whether a row of the ledger says what is given away now."""
        return (
            to_decimal(row.amount) == deviation.amount
            and to_decimal(row.price) == deviation.price
            and int(row.level) == deviation.level
        )

    def _dealer_prepare_deviation_vals(self, deviation):
        """Values of a row of the ledger."""
        self.ensure_one()
        line, vehicle = deviation.line, deviation.line.dealer_vehicle_id
        model = line._dealer_get_models()[line] or self.order_line.dealer_vehicle_id.model_id[:1]
        approver, approved_on = (
            self._dealer_get_approver(deviation.level) if deviation.level else (False, False)
        )
        return {
            "order_id": self.id,
            "line_id": line.id,
            "kind": deviation.kind,
            "date": fields.Date.context_today(self),
            "reason_id": self.dealer_deviation_reason_id.id,
            "note": self.dealer_approval_note,
            "level": str(deviation.level),
            "user_id": self.user_id.id,
            "approver_id": approver and approver.id,
            "approved_on": approved_on,
            "partner_id": self.partner_id.id,
            "vehicle_id": vehicle.id,
            "model_id": model.id,
            "series_id": model.dealer_series_id.id,
            "brand_id": model.brand_id.id,
            "product_id": line.product_id.id,
            "warehouse_id": self.warehouse_id.id,
            "company_id": self.company_id.id,
            "rule_id": deviation.rule_id,
            "listed": float(deviation.listed),
            "floor": float(deviation.floor or 0),
            "price": float(deviation.price),
            "amount": float(deviation.amount),
            "beyond": float(deviation.beyond),
            "cost": float(deviation.net),
            "is_below_cost": deviation.is_below_cost,
        }

    def _dealer_get_approver(self, level):
        """Who answers for the prices, and since when.

        Who approved them, unless somebody with the authority has changed the confirmed deal since.
        A change that needed nobody, as a higher price, leaves the answer where it was.
        """
        self.ensure_one()
        reviews = self.sudo().review_ids  # sudo: who approved is no secret of the ledger
        review = reviews.filtered("done_by").sorted("reviewed_date")[-1:]
        same_prices = self.dealer_asked_revision == self.dealer_price_revision
        if review and (same_prices or not self._dealer_user_may_grant(level)):
            return review.done_by, review.reviewed_date
        return self.env.user, fields.Datetime.now()

    def action_dealer_view_deviations(self):
        """Open what this deal gave away."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_deviation_action"
        )
        return dict(action, domain=[("order_id", "=", self.id)], context={})
