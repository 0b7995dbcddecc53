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
        products = super().create(self._dealer_add_taxes(vals_list))
        products._dealer_complete_taxes()
        return products

    def write(self, vals):
        if vals.get("dealer_deal_type") in AGENCY_TYPES:
            vals = {**self._dealer_prepare_tax_vals(vals["dealer_deal_type"]), **vals}
        return super().write(vals)

    @api.model
    def _dealer_add_taxes(self, vals_list):
        """Vals of new products with the taxes of their part of a deal, unless taxes are given."""
        taxes = {}  # of each part of a deal: price files make thousands of products
        completed = []
        for vals in vals_list:
            deal_type = self._dealer_get_tax_type(vals)
            if deal_type not in taxes:
                taxes[deal_type] = self._dealer_prepare_tax_vals(deal_type)
            completed.append({**taxes[deal_type], **vals})
        return completed

    @api.model
    def _dealer_get_tax_type(self, vals):
        """Part of a deal whose taxes a new product with these values has."""
        category = self.env["product.category"].browse(vals.get("categ_id") or [])
        return "car" if category.dealer_product_policy else vals.get("dealer_deal_type")

    @api.model
    def _dealer_prepare_tax_vals(self, deal_type):
        """Taxes of a product of this part of a deal; empty when not ours."""
        if deal_type in AGENCY_TYPES:
            return {"taxes_id": [Command.clear()], "supplier_taxes_id": [Command.clear()]}
        name = self._dealer_get_tax_field(deal_type)
        if not name:
            return {}
        # those of other companies come after the product was made
        taxes = self._dealer_get_included_taxes(name).filtered_domain(
            [("company_id", "parent_of", self.env.companies.ids)]
        )
        return {"taxes_id": [Command.set(taxes.ids)]} if taxes else {}

    @api.model
    def _dealer_get_included_taxes(self, name):
        """Taxes in this field of all companies."""
        # sudo: a product of all companies has a tax in each, and its maker sees only one
        return self.env["res.company"].sudo().search([(name, "!=", False)])[name]

    def _dealer_complete_taxes(self):
        """Give products of all companies the included taxes of those that their maker does not see.

        Odoo has given them the default taxes of these companies, which come on top.
        """
        for name in ("dealer_car_tax_id", "dealer_service_tax_id"):
            taxes = self._dealer_get_included_taxes(name)
            others = taxes.filtered_domain(
                ["!", ("company_id", "parent_of", self.env.companies.ids)]
            )
            if others:
                mine = taxes - others
                # sudo: as above
                shared = self.sudo().filtered(
                    lambda product, mine=mine: not product.company_id and product.taxes_id & mine
                )
                on_top = others.company_id.account_sale_tax_id - others
                shared.taxes_id = [
                    *(Command.unlink(tax.id) for tax in on_top),
                    *(Command.link(tax.id) for tax in others),
                ]

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
