from odoo import api, fields, models
from odoo.tools import SQL


class DealerPartStoreStock(models.Model):
    """What other stores have of a part: names and free quantities, no costs (features P-19).

    Shown of all companies of a person, also of those that are not open just now; the names are
    plain text, because the stores themselves may be hidden.
    """

    _name = "dealer.part.store.stock"
    _description = "Parts in All Stores"
    _auto = False
    _order = "product_id, free_quantity desc"
    _rec_name = "store_name"

    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    part_number = fields.Char(related="product_id.default_code", string="Part Number")
    dealer_part_key = fields.Char(string="Part Number (Searched)", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    store_name = fields.Char(string="Store", readonly=True)
    company_id = fields.Many2one("res.company", string="Company (Record)", readonly=True)
    company_name = fields.Char(string="Company", readonly=True)
    free_quantity = fields.Float(string="Free", readonly=True, digits="Product Unit")
    can_ask = fields.Boolean(compute="_compute_can_ask")

    @property
    def _table_query(self):
        """Free quantities; a search for a part reaches the index of its quants."""
        return SQL(
            """
            SELECT MIN(quant.id) AS id,
                   quant.product_id,
                   template.dealer_part_key,
                   place.warehouse_id,
                   store.name AS store_name,
                   store.company_id,
                   company.name AS company_name,
                   SUM(quant.quantity - quant.reserved_quantity) AS free_quantity
              FROM stock_quant quant
              JOIN stock_location place ON place.id = quant.location_id
                   AND place.usage = 'internal'
              JOIN stock_warehouse store ON store.id = place.warehouse_id AND store.active
              JOIN res_company company ON company.id = store.company_id
              JOIN product_product product ON product.id = quant.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
                   AND template.dealer_is_part
             WHERE quant.owner_id IS NULL
             GROUP BY quant.product_id, template.dealer_part_key, place.warehouse_id, store.name,
                   store.company_id, company.name
            HAVING SUM(quant.quantity - quant.reserved_quantity) > 0
            """
        )

    @api.depends_context("uid")
    def _compute_can_ask(self):
        keeps = self.env.user.has_group("dealer_base.group_parts_keeper")
        own = self.env.user._get_default_warehouse_id()
        for row in self:
            row.can_ask = keeps and row.warehouse_id != own

    def action_ask(self):
        """Write a request to this store."""
        self.ensure_one()
        own = self.env.user._get_default_warehouse_id()
        Transfer = self.env["dealer.part.transfer"].with_company(own.company_id)
        transfer = Transfer.create(
            {
                "warehouse_id": self.warehouse_id.id,
                "dest_warehouse_id": own.id,
                "line_ids": [fields.Command.create({"product_id": self.product_id.id})],
            }
        )
        return transfer._get_records_action(name=self.env._("Transfer of Parts"))
