from decimal import Decimal

from odoo import api, fields, models

from ..tools.price_policy import to_decimal
from .dealer_price_rule import PriceRequest


class SaleOrderLine(models.Model):
    """What the price policy says about the car of a line."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_list_price = fields.Monetary(
        string="List Price",
        compute="_compute_dealer_price_terms",
        help="Guide price of the trim, else the price asked for the car. Tax included.",
    )
    dealer_floor_price = fields.Monetary(
        string="Floor Price",
        compute="_compute_dealer_price_terms",
        help="What a consultant may sell the car for without approval. Tax included.",
    )

    @api.depends(
        "dealer_vehicle_id",
        "product_id",
        "currency_id",
        "order_id.state",
        "order_id.partner_id",
        "order_id.warehouse_id",
    )
    def _compute_dealer_price_terms(self):
        terms = self._dealer_get_price_terms()
        for line in self:
            term = terms.get(line)
            line.dealer_list_price = line._dealer_to_order_currency(term and term.list_price)
            line.dealer_floor_price = line._dealer_to_order_currency(term and term.floor)

    def _dealer_to_order_currency(self, amount):
        """An amount of the price policy (company currency) as the customer sees it."""
        self.ensure_one()
        company_currency = self.company_id.currency_id
        if not amount or not self.currency_id or self.currency_id == company_currency:
            return float(amount or 0)
        return company_currency._convert(
            float(amount), self.currency_id, self.company_id, self._get_order_date()
        )

    def _dealer_is_car_line(self):
        """Whether the line sells a car, named or not."""
        self.ensure_one()
        return bool(
            not self.display_type
            and (self.dealer_vehicle_id or self.product_id.categ_id.dealer_product_policy)
        )

    def _dealer_get_price_terms(self):
        """``PriceTerms`` of the car lines among these, by line, without a query for each."""
        Rule = self.env["dealer.price.rule"]
        cars = self.filtered(lambda line: line._dealer_is_car_line())
        models = cars._dealer_get_models()
        terms = {}
        for company, lines in cars.grouped("company_id").items():
            for day, same_day in lines.grouped(
                lambda line: line.order_id._dealer_price_day()
            ).items():
                requests = same_day._dealer_prepare_price_requests(company, day, models)
                terms.update(Rule._dealer_get_terms(requests, company or self.env.company, day))
        return terms

    def _dealer_get_models(self):
        """Trim of each line: that of its car, else that which is traded as its product."""
        open_lines = self.filtered(lambda line: not line.dealer_vehicle_id)
        by_product = {}
        if open_lines:
            models = self.env["fleet.vehicle.model"].search(
                [("dealer_product_id", "in", open_lines.product_id.ids)]
            )
            by_product = {model.dealer_product_id.id: model for model in models}
        none = self.env["fleet.vehicle.model"]
        # sudo: the car of an old order may belong to another company of the group by now
        return {
            line: line.dealer_vehicle_id.sudo().model_id.sudo(self.env.su)
            or by_product.get(line.product_id.id, none)
            for line in self
        }

    def _dealer_prepare_price_requests(self, company, day, models):
        """One ``PriceRequest`` for each of these lines of a company and a day."""
        company = company or self.env.company
        requests = []
        for line in self:
            # sudo: as above
            vehicle = line.dealer_vehicle_id.sudo().with_company(company)
            model = models[line].with_company(company).with_context(dealer_price_date=day)
            guide = to_decimal(model._dealer_get_guide_price(company.currency_id)) if model else 0
            asked = to_decimal(vehicle.asking_price) if vehicle else Decimal(0)
            kind = vehicle.kind if vehicle else "new"
            if kind == "used":
                guide = Decimal(0)  # what its trim costs when new says nothing about it
            list_price = (kind == "new" and guide) or asked or guide or Decimal(0)
            requests.append(
                PriceRequest(
                    key=line,
                    list_price=list_price,
                    asked_price=asked or guide or Decimal(0),
                    model=model,
                    vehicle_kind="used" if kind == "customer" else kind,
                    color_id=vehicle.exterior_color_id.id,
                    days_in_stock=max(vehicle.days_in_stock, 0),
                    warehouse_id=line.order_id.warehouse_id.id,
                    # sudo: the classes of a customer are no secret among salespeople
                    partner_categories=frozenset(
                        line.order_id.partner_id.commercial_partner_id.sudo().category_id.ids
                    ),
                )
            )
        return requests

    def _get_display_price(self):
        """A promotion is quoted right away; it does not add to a price that is lower already."""
        price = super()._get_display_price()
        asked = self.dealer_vehicle_id.list_price
        if not asked or not price:
            return price
        terms = self._dealer_get_price_terms().get(self)
        if not terms or not terms.promotion:
            return price
        promoted = float(terms.list_price - terms.promotion)
        return price * min(promoted / asked, 1.0)
