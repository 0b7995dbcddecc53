from odoo import fields, models

from odoo.addons.dealer_vehicle.models.product_template import COST_GROUPS

#: Who sees the cost of cars, and who sees that of parts
READERS = f"{COST_GROUPS},dealer_parts.group_part_cost"


class ProductProduct(models.Model):
    """What a part costs is read by those who may see the cost of parts, too."""

    _inherit = "product.product"  # pylint: disable=consider-merging-classes-inherited

    standard_price = fields.Float(groups=READERS)
    avg_cost = fields.Monetary(groups=READERS)
    total_value = fields.Monetary(groups=READERS)


class ProductTemplate(models.Model):
    _inherit = "product.template"  # pylint: disable=consider-merging-classes-inherited

    standard_price = fields.Float(groups=READERS)
