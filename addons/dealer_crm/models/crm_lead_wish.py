from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLead(models.Model):
    """What the customer wants to buy, and the old car that he gives or only sells."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_wish_kind = fields.Selection(
        [("buyer", "Buys a car"), ("seller", "Sells a car"), ("both", "Sells and buys")],
        string="Customer Wants",
        required=True,
        default="buyer",
        tracking=True,
        help="One customer may do both: then his old car is a trade-in of the new one.",
    )
    dealer_wish_ids = fields.One2many(
        "dealer.lead.wish", "lead_id", string="Wished Cars", copy=True
    )
    dealer_match_ids = fields.One2many("dealer.wish.match", "lead_id", string="Matching Cars")
    dealer_old_vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Old Car",
        index="btree_not_null",
        ondelete="set null",
        help="Its record, when we know the car already.",
    )
    dealer_old_name = fields.Char(
        string="Old Car in Words", help="Model and year, when the car is not known to us."
    )
    dealer_old_plate = fields.Char(string="Plate of the Old Car")
    dealer_old_mileage = fields.Integer(string="Kilometres of the Old Car")
    dealer_old_price = fields.Monetary(
        string="Price Hoped For",
        currency_field="company_currency",
        help="What the customer would like to get for his old car.",
    )
    dealer_old_loan = fields.Monetary(
        string="Loan of the Old Car",
        currency_field="company_currency",
        help="What he still owes for it.",
    )

    _dealer_old_amounts = models.Constraint(
        "CHECK (COALESCE(dealer_old_price, 0) >= 0 AND COALESCE(dealer_old_loan, 0) >= 0"
        " AND COALESCE(dealer_old_mileage, 0) >= 0)",
        "Price, loan and kilometres of the old car cannot be negative.",
    )

    def _find_matching_partner(self):
        """Whoever has the telephone of the lead is its customer; Odoo looks at e-mails only."""
        partner = super()._find_matching_partner()
        if not partner and self.dealer_phone_key:
            partner = partner._dealer_find_person(phone=self.phone, name=self.contact_name)
        return partner

    # === QUOTATION ===
    def action_sale_quotations_new(self):
        """Quote without retyping: the customer of the lead is found or made at once."""
        self.ensure_one()
        if self.dealer_wish_kind == "seller":
            raise UserError(
                self.env._(
                    "%(lead)s only sells a car. Change what the customer wants, or buy his car.",
                    lead=self.display_name,
                )
            )
        if not self.partner_id and (self.contact_name or self.partner_name):
            self.partner_id = self._find_matching_partner() or self._create_customer()
        return super().action_sale_quotations_new()

    def _prepare_opportunity_quotation_context(self):
        """The quotation begins with the wished cars and the old car.

        Wishes without a trim are for the salesperson to complete; the same for a second wish that
        is an alternative to the first: the quotation starts with the first one.
        """
        context = super()._prepare_opportunity_quotation_context()
        wish = self.dealer_wish_ids.filtered(lambda wish: wish.model_id and wish.kind != "used")[:1]
        if wish:
            context["default_order_line"] = [Command.create(wish._prepare_sale_line_vals())]
        if self.dealer_wish_kind == "both" and (self.dealer_old_vehicle_id or self.dealer_old_name):
            context["default_dealer_trade_in_ids"] = [
                Command.create(self._dealer_prepare_trade_in_vals())
            ]
        if self.dealer_store_id:
            context["default_warehouse_id"] = self.dealer_store_id.id
        return context

    def _dealer_prepare_trade_in_vals(self):
        self.ensure_one()
        words = (self.dealer_old_name, self.dealer_old_plate)
        return {
            "vehicle_id": self.dealer_old_vehicle_id.id,
            "name": " ".join(filter(None, words)) or self.dealer_old_vehicle_id.display_name,
            "allowance": self.dealer_old_price,
            "payoff": self.dealer_old_loan,
        }
