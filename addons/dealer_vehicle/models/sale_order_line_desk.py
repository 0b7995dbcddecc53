from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import column_exists, create_column

from .product_template_desk import DEAL_TYPES

GIFT_BEARERS = [
    ("store", "Store"),
    ("maker", "Manufacturer"),
    ("salesperson", "Salesperson"),
    ("other", "Somebody Else"),
]


class SaleOrderLine(models.Model):
    """What a line is in the deal, and who pays for what the customer gets as a gift."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_deal_type = fields.Selection(
        DEAL_TYPES,
        string="Part of the Deal",
        compute="_compute_dealer_deal_type",
        store=True,
        precompute=True,
    )
    dealer_is_agency = fields.Boolean(
        string="Agency Money", related="product_id.dealer_is_agency", store=True, precompute=True
    )
    dealer_model_id = fields.Many2one(
        "fleet.vehicle.model",
        string="Trim",
        compute="_compute_dealer_model_id",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
    )
    dealer_guide_price = fields.Monetary(
        string="Guide Price",
        compute="_compute_dealer_guide_price",
        store=True,
        help="Of one car on the day of the order; zero when the trim has none.",
    )
    dealer_for_line_id = fields.Many2one(
        "sale.order.line",
        string="For Car",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Line of the car whose tax or insurance this is.",
    )
    dealer_gift_bearer = fields.Selection(
        GIFT_BEARERS,
        string="Gift Paid By",
        compute="_compute_dealer_gift_bearer",
        store=True,
        readonly=False,
        precompute=True,
        help="Makes the line a gift: the customer pays nothing, somebody bears the cost.",
    )
    dealer_unit_value = fields.Monetary(
        string="Value Each",
        compute="_compute_dealer_unit_value",
        store=True,
        readonly=False,
        precompute=True,
        help="What one piece would cost the customer. To be entered for gifts and goods that have"
        " no list price; what has one never counts for less.",
    )
    dealer_gift_value = fields.Monetary(
        string="Gift Value",
        compute="_compute_dealer_gift_value",
        store=True,
        help="What the customer would have paid for the gift, tax included.",
    )
    dealer_gift_cost = fields.Monetary(
        string="Gift Cost",
        compute="_compute_dealer_gift_cost",
        compute_sudo=True,
        groups="dealer_base.group_vehicle_cost",
    )

    def _auto_init(self):
        """Lines from before this field are worth their list price, without a computation."""
        if not column_exists(self.env.cr, self._table, "dealer_unit_value"):
            create_column(self.env.cr, self._table, "dealer_unit_value", "numeric")
        return super()._auto_init()

    # === COMPUTES ===
    @api.depends("product_id.dealer_deal_type")
    def _compute_dealer_gift_bearer(self):
        """A product that is only ever given away is paid by the store, unless somebody says so."""
        for line in self:
            is_gift = line.product_id.dealer_deal_type == "gift"
            line.dealer_gift_bearer = line.dealer_gift_bearer or (is_gift and "store")

    @api.depends("product_id.dealer_deal_type", "dealer_gift_bearer", "dealer_vehicle_id")
    def _compute_dealer_deal_type(self):
        for line in self:
            if line.dealer_gift_bearer:
                line.dealer_deal_type = "gift"
            elif line.dealer_vehicle_id:
                line.dealer_deal_type = "car"
            else:
                line.dealer_deal_type = line.product_id.dealer_deal_type

    @api.depends("dealer_vehicle_id.model_id", "product_id")
    def _compute_dealer_model_id(self):
        """The trim of the named car, else the one that is traded under the product."""
        products = self.filtered(lambda line: not line.dealer_vehicle_id).product_id
        trims = self.env["fleet.vehicle.model"].search([("dealer_product_id", "in", products.ids)])
        trim_by_product = {trim.dealer_product_id: trim for trim in trims}
        for line in self:
            line.dealer_model_id = line.dealer_vehicle_id.model_id or trim_by_product.get(
                line.product_id
            )

    @api.depends("dealer_model_id", "dealer_deal_type", "order_id.date_order")
    def _compute_dealer_guide_price(self):
        """The manufacturer's price of that day; a used car has none."""
        for line in self:
            line.dealer_guide_price = 0.0
            if line.dealer_model_id and line._dealer_is_untaxed_car():
                day = line._get_order_date() or fields.Datetime.now()
                trim = line.dealer_model_id.with_company(line.company_id).with_context(
                    dealer_price_date=fields.Datetime.context_timestamp(line, day).date()
                )
                line.dealer_guide_price = trim._dealer_get_guide_price(
                    line.currency_id or line.company_id.currency_id
                )

    def _dealer_get_reason(self):
        """What the line says about its amount beside the name of its product."""
        self.ensure_one()
        texts = [text for text in (self.name or "").split("\n") if text.strip()]
        name = self.product_id.display_name
        if texts and texts[0].strip() in (name, self.product_id.name):
            texts = texts[1:]
        if self.product_uom_qty != 1:
            texts.append(
                self.env._(
                    "%(quantity)s × %(price)s",
                    quantity=f"{self.product_uom_qty:g}",
                    price=self.currency_id.format(self.price_unit),
                )
            )
        return "; ".join(texts)

    def _dealer_sum_gross(self):
        """Price without VAT less cost, summed; callers answer for the right to see costs."""
        return sum(
            line.price_subtotal - line.purchase_price * line.product_uom_qty for line in self
        )

    @api.depends("dealer_gift_bearer")
    def _compute_discount(self):
        """A gift keeps its price, so that everybody sees its value, and is let off in full."""
        gifts = self.filtered("dealer_gift_bearer")
        former = (self - gifts).filtered(lambda line: line._origin.dealer_gift_bearer)
        former.discount = 0.0
        gifts.discount = 100.0
        return super(SaleOrderLine, self - gifts)._compute_discount()

    @api.depends("product_id", "product_uom_id")
    def _compute_dealer_unit_value(self):
        """The list price; the shipped packages have none."""
        for line in self:
            line.dealer_unit_value = line._dealer_get_list_price()

    def _dealer_get_list_price(self):
        """List price of one piece in the currency of the order; of a car or agency money zero."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        if not product or product.dealer_is_agency or self.dealer_vehicle_id:
            return 0.0
        listed = product._price_compute("list_price", uom=self.product_uom_id)[product.id]
        return self._dealer_to_order_currency(listed)

    def _dealer_get_value_known(self):
        """Whether more than the word of who gives it says what a gift is worth."""
        self.ensure_one()
        product = self.product_id.sudo().with_company(self.company_id)  # sudo: compared only
        return bool(
            self.dealer_is_agency or self._dealer_get_list_price() or product.standard_price
        )

    def _dealer_get_value_each(self):
        """What one piece would cost the customer, tax as in the price.

        The salesperson may say more than the price list does, never less: gifts count against a
        quota. What has no list price is worth what he says, else the price he asks for it. Money
        of somebody else has no list price: the line says what it is.
        """
        self.ensure_one()
        if self.product_id.dealer_is_agency:
            return self.price_unit
        value = max(self._dealer_get_list_price(), self.dealer_unit_value)
        return max(value, self.price_unit) if self._dealer_is_gift() else value or self.price_unit

    @api.depends(
        "dealer_gift_bearer",
        "dealer_deal_type",
        "dealer_unit_value",
        "price_unit",
        "product_uom_qty",
        "tax_ids",
    )
    def _compute_dealer_gift_value(self):
        for line in self:
            if line.dealer_deal_type != "gift":
                line.dealer_gift_value = 0.0
                continue
            line.dealer_gift_value = line.tax_ids.compute_all(
                line._dealer_get_value_each(),
                currency=line.currency_id,
                quantity=line.product_uom_qty,
                product=line.product_id,
                partner=line.order_id.partner_id,
            )["total_included"]

    @api.depends("dealer_deal_type", "dealer_gift_value", "purchase_price", "product_uom_qty")
    def _compute_dealer_gift_cost(self):
        """Somebody else's money is paid on in full; our own goods cost what they cost us."""
        for line in self:
            if line.dealer_deal_type != "gift":
                line.dealer_gift_cost = 0.0
            elif line.dealer_is_agency:
                line.dealer_gift_cost = line.dealer_gift_value
            else:
                line.dealer_gift_cost = line.purchase_price * line.product_uom_qty

    # === CONSTRAINTS ===
    @api.constrains("tax_ids", "product_id")
    def _check_dealer_agency_taxes(self):
        for line in self.filtered("dealer_is_agency"):
            if line.tax_ids:
                raise ValidationError(
                    self.env._(
                        "%(product)s is agency money: its line has no tax.",
                        product=line.product_id.display_name,
                    )
                )

    @api.constrains("dealer_gift_bearer", "dealer_vehicle_id", "discount")
    def _check_dealer_gift(self):
        for line in self.filtered("dealer_gift_bearer"):
            if line.dealer_vehicle_id:
                raise ValidationError(self.env._("The car of a deal cannot be a gift."))
            if line.discount != 100:
                raise ValidationError(
                    self.env._(
                        "%(product)s is a gift: its discount is 100 %%. Clear “Gift Paid By” to"
                        " sell it.",
                        product=line.product_id.display_name,
                    )
                )

    # === CRUD ===
    def write(self, vals):
        """A gift that is sold after all costs its price again."""
        if "dealer_gift_bearer" in vals and not vals["dealer_gift_bearer"]:
            vals = {"discount": 0.0, **vals}
        return super().write(vals)
