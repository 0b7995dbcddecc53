from odoo import api, fields, models


class SaleOrder(models.Model):
    """Orders are numbered by their store."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """Replace the number of the company by that of the store.

        The store of an order is computed, so it is known once the order is there. A number that
        somebody gave, as an import does, stays.
        """
        new = self.env._("New")
        mine = [vals.get("name", new) == new for vals in vals_list]
        for vals, is_mine in zip(vals_list, mine, strict=True):
            if is_mine:
                # keeps the core from drawing a number of the company
                vals["name"] = "/"
        orders = super().create(vals_list)
        for order, is_mine in zip(orders, mine, strict=True):
            if is_mine:
                # past the guards, which ask the database for each order anew
                order._dealer_write_facts({"name": order._dealer_next_order_number()})
        return orders

    def _dealer_next_order_number(self):
        """Number by the store, by the company when an order has none."""
        self.ensure_one()
        day = fields.Datetime.context_timestamp(self, self.date_order).date()
        number = self.warehouse_id and self.warehouse_id._dealer_next_number("order", day)
        return number or self.env["ir.sequence"].with_company(self.company_id).next_by_code(
            "sale.order", sequence_date=day
        )
