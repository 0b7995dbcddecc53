from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

DEAL_TYPES = [
    ("car", "Car"),
    ("accessory", "Accessory"),
    ("gift", "Gift"),
    ("purchase_tax", "Vehicle Purchase Tax"),
    ("ctpl", "Compulsory Insurance"),
    ("vessel_tax", "Vehicle and Vessel Tax"),
    ("commercial_insurance", "Commercial Insurance"),
    ("plate_fee", "Plate Fee (Official)"),
    ("plate_service", "Plate Service"),
    ("extended_warranty", "Extended Warranty"),
    ("finance_service", "Finance Service"),
    ("other_service", "Other Service"),
]
#: Money that belongs to the State or to an insurer: it passes through the dealership.
AGENCY_TYPES = frozenset(
    ("purchase_tax", "ctpl", "vessel_tax", "commercial_insurance", "plate_fee")
)
GOODS_TYPES = frozenset(("car", "accessory", "gift"))
SERVICE_TYPES = frozenset(
    ("plate_service", "extended_warranty", "finance_service", "other_service")
)


class ProductTemplate(models.Model):
    """What a product is in a deal: the car, something around it, or money of somebody else."""

    _inherit = "product.template"  # pylint: disable=consider-merging-classes-inherited

    dealer_deal_type = fields.Selection(
        DEAL_TYPES,
        string="Part of a Deal",
        compute="_compute_dealer_deal_type",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the product stands on the deal sheet and in the gross of a deal.",
    )
    dealer_is_agency = fields.Boolean(
        string="Agency Money",
        compute="_compute_dealer_is_agency",
        store=True,
        readonly=False,
        precompute=True,
        help="Collected for somebody else and paid on: booked on the agency account of the"
        " company, without income and without VAT.",
    )

    @api.depends("categ_id.dealer_product_policy")
    def _compute_dealer_deal_type(self):
        for product in self:
            is_car = product.categ_id.dealer_product_policy
            product.dealer_deal_type = "car" if is_car else product.dealer_deal_type

    @api.depends("dealer_deal_type")
    def _compute_dealer_is_agency(self):
        for product in self:
            product.dealer_is_agency = product.dealer_deal_type in AGENCY_TYPES

    @api.constrains("dealer_is_agency", "taxes_id", "supplier_taxes_id")
    def _check_dealer_agency_taxes(self):
        """Money that passes through is neither our sale nor our purchase."""
        for product in self.filtered("dealer_is_agency"):
            if product.taxes_id or product.supplier_taxes_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is agency money: remove its taxes.",
                        product=product.display_name,
                    )
                )

    @api.onchange("dealer_deal_type", "categ_id")
    def _onchange_dealer_deal_type(self):
        """The form shows at once which taxes the price includes."""
        vals = self._dealer_prepare_tax_vals(self.dealer_deal_type)
        if vals and not self._origin.id:
            self.update(vals)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._dealer_add_taxes(vals_list))

    def write(self, vals):
        if vals.get("dealer_deal_type") in AGENCY_TYPES:
            vals = {**self._dealer_prepare_tax_vals(vals["dealer_deal_type"]), **vals}
        return super().write(vals)

    @api.model
    def _dealer_add_taxes(self, vals_list):
        """Vals of new products with the taxes of their part of a deal, unless taxes are given."""
        Category = self.env["product.category"]
        completed = []
        for vals in vals_list:
            category = Category.browse(vals.get("categ_id") or [])
            deal_type = "car" if category.dealer_product_policy else vals.get("dealer_deal_type")
            completed.append({**self._dealer_prepare_tax_vals(deal_type), **vals})
        return completed

    @api.model
    def _dealer_prepare_tax_vals(self, deal_type):
        """Taxes of a product of this part of a deal, in every company; empty when not ours."""
        if deal_type in AGENCY_TYPES:
            return {"taxes_id": [Command.clear()], "supplier_taxes_id": [Command.clear()]}
        name = self._dealer_get_tax_field(deal_type)
        if not name:
            return {}
        # sudo: a product of all companies has a tax in each, and its maker sees only one
        taxes = self.env["res.company"].sudo().search([(name, "!=", False)])[name]
        return {"taxes_id": [Command.set(taxes.ids)]} if taxes else {}

    @api.model
    def _dealer_get_tax_field(self, deal_type):
        """Field of the company with the tax that prices of this part of a deal include."""
        if deal_type in GOODS_TYPES:
            return "dealer_car_tax_id"
        return "dealer_service_tax_id" if deal_type in SERVICE_TYPES else None

    def _dealer_set_included_tax(self, old, new):
        """Replace a tax on top of the price by one that the price includes; he pays the same."""
        self.ensure_one()
        has_included = any(tax.price_include for tax in self.taxes_id)
        if old and self.list_price and not has_included:
            amounts = old.compute_all(self.list_price, currency=self.currency_id, product=self)
            self.list_price = amounts["total_included"]
        self.taxes_id = [*(Command.unlink(tax.id) for tax in old), Command.link(new.id)]

    def _get_product_accounts(self):
        """Agency money is neither income nor expense."""
        accounts = super()._get_product_accounts()
        if self.dealer_is_agency:
            account = (self.company_id or self.env.company)._dealer_get_account("agency")
            accounts.update(income=account, expense=account)
        return accounts
