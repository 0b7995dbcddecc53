from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .sale_order_line_service import SERVICE_METHODS

CAR_USES = [
    ("family", "Family"),
    ("company", "Company"),
    ("government", "Government"),
    ("rental", "Rental or Taxi"),
]


class SaleOrder(models.Model):
    """Lines for what State and insurer ask for the cars of a deal."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_invoice_date = fields.Date(
        string="Invoice Planned For",
        compute="_compute_dealer_invoice_date",
        inverse="_inverse_dealer_invoice_date",
        store=True,
        help="Taxes of the buyer follow the rules of this day.",
    )
    dealer_invoice_date_chosen = fields.Date(
        string="Invoice Day Chosen",
        copy=False,
        help="Day that somebody has entered; without it the day of hand-over counts.",
    )
    dealer_car_use = fields.Selection(
        CAR_USES,
        string="Use of the Car",
        compute="_compute_dealer_car_use",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The premium of the compulsory insurance depends on it.",
    )
    dealer_service_warning = fields.Text(
        compute="_compute_dealer_service_warning",
        help="Why taxes and premiums of the deal are missing or out of date.",
    )

    # === COMPUTES ===
    @api.depends("commitment_date", "date_order", "dealer_invoice_date_chosen")
    def _compute_dealer_invoice_date(self):
        """The day that somebody chose, else that of the promised hand-over, else of the order.

        Confirming sets the date of the order to now: a day that has passed is no plan then.
        """
        for order in self:
            day = order.dealer_invoice_date_chosen or order._dealer_get_promised_day()
            if self.env.context.get("dealer_confirming"):
                day = max(day, fields.Date.context_today(self))
            elif order.state == "sale":
                day = max(day, order._dealer_get_day(order.date_order))
            order.dealer_invoice_date = day

    def _dealer_drop_past_invoice_date(self):
        """A quote that is confirmed after its planned day is taxed by the rules of today.

        Before the approval is asked: relief that has ended would be given away without it.
        """
        today = fields.Date.context_today(self)
        late = self.filtered(
            lambda order: order.state in ("draft", "sent") and order.dealer_invoice_date < today
        )
        late.with_context(dealer_confirming=True)._compute_dealer_invoice_date()

    def _inverse_dealer_invoice_date(self):
        """Keep a day that differs from the one that follows from the order."""
        for order in self:
            day, promised = order.dealer_invoice_date, order._dealer_get_promised_day()
            order.dealer_invoice_date_chosen = day != promised and day
            if not day:  # cleared
                order.dealer_invoice_date = promised

    def _dealer_get_promised_day(self):
        """Day of hand-over that was promised, else that of the order."""
        self.ensure_one()
        return self._dealer_get_day(self.commitment_date or self.date_order)

    def _dealer_get_day(self, moment):
        """The day of a moment, as the user's calendar has it."""
        return fields.Datetime.context_timestamp(self, moment or fields.Datetime.now()).date()

    @api.depends("partner_id")
    def _compute_dealer_car_use(self):
        for order in self:
            is_company = order.partner_id.commercial_partner_id.is_company
            order.dealer_car_use = "company" if is_company else "family"

    @api.depends(
        "state",
        "invoice_status",
        "dealer_invoice_date",
        "dealer_car_use",
        "order_line.price_total",
        "order_line.product_uom_qty",
        "order_line.dealer_for_line_id",
        "order_line.dealer_model_id",
    )
    def _compute_dealer_service_warning(self):
        """Compare the lines with what the rules say now, as long as something may change."""
        for order in self:
            warnings = []
            if order.state != "cancel" and order.invoice_status != "invoiced":
                lines = order.order_line.filtered("dealer_for_line_id")
                warnings = [line._dealer_get_service_warning() for line in lines]
            order.dealer_service_warning = "\n".join(filter(None, dict.fromkeys(warnings)))

    # === TAXES AND INSURANCE ===
    def action_dealer_compute_services(self):
        """Add or refresh purchase tax, compulsory insurance and vessel tax (button).

        :return: notification about what could not be computed, else True
        """
        problems = []
        for order in self:
            order.check_access("write")
            problems += order._dealer_compute_services()
        if not problems:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not everything could be computed"),
                "message": "\n".join(dict.fromkeys(problems)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _dealer_compute_services(self):
        """One line for each amount that is due; lines that are there get today's amount.

        :return: reasons why amounts are missing
        """
        self.ensure_one()
        problems = []
        # in the customer's language: the reasons are printed on the deal sheet
        order = self._dealer_for_customer()
        for car in order.order_line.filtered(lambda line: line._dealer_is_untaxed_car()):
            for deal_type in SERVICE_METHODS:
                try:
                    service = car._dealer_get_service(deal_type)
                except UserError as error:
                    # a missing rule must not keep the other amounts from the customer
                    problems.append(error.args[0])
                    continue
                order._dealer_set_service(car, deal_type, service)
        return problems

    def _dealer_for_customer(self):
        """The order in the language of who reads its lines."""
        self.ensure_one()
        return self.with_context(lang=self.partner_id.lang or self.env.lang)

    def _dealer_set_service(self, car, deal_type, service):
        """Write one amount on its line, a line that somebody has typed by hand included."""
        line = self.order_line.filtered(
            lambda line: (
                line.product_id.dealer_deal_type == deal_type
                and line.dealer_for_line_id in (car, line.browse())
            )
        ).sorted(lambda line: not line.dealer_for_line_id)[:1]
        vals = car._dealer_prepare_service_vals(service)
        product = line.product_id or self.env.ref(f"dealer_vehicle.product_{deal_type}")
        vals["name"] = f"{product.with_context(lang=self.env.lang).display_name}\n{service.reason}"
        if line:
            line.write(vals)
        elif service.amount:
            last = max(self.order_line.mapped("sequence"))
            vals.update(product_id=product.id, sequence=last + 1)
            self.order_line = [Command.create(vals)]
