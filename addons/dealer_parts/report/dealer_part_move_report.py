from odoo import fields, models
from odoo.tools import SQL


class DealerPartMoveReport(models.Model):
    """Consumption of parts: each done move into or out of our stock, with who and what for.

    Issues count positive, returns of issued parts negative, so that sums are what was used. One
    statement over the valued moves, whatever their number.
    """

    _name = "dealer.part.move.report"
    _description = "Consumption of Parts"
    _auto = False
    _rec_name = "product_id"
    _order = "date desc, id desc"

    move_id = fields.Many2one("stock.move", string="Stock Move", readonly=True)
    date = fields.Datetime(readonly=True)
    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    categ_id = fields.Many2one("product.category", string="Class", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer or Supplier", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", readonly=True)
    technician_id = fields.Many2one("res.users", readonly=True)
    kind = fields.Selection(
        [
            ("issue", "Issue"),
            ("return", "Return of issued parts"),
            ("receipt", "Receipt"),
            ("vendor", "Return to supplier"),
            ("loss", "Loss, find or scrap"),
        ],
        readonly=True,
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    issued_quantity = fields.Float(string="Used", digits="Product Unit", readonly=True)
    issued_value = fields.Monetary(
        string="Used, at Cost", readonly=True, groups="dealer_parts.group_part_cost"
    )
    hits = fields.Integer(readonly=True, help="1 for each issue, -1 for each return.")

    @property
    def _table_query(self):
        return self._get_query()

    def _get_query(self):
        """Rows of the report; other reports select from it."""
        joins, model, technician = self._get_origin()
        return SQL(
            """
            SELECT moved.*,
                   CASE moved.kind WHEN 'issue' THEN moved.quantity
                                   WHEN 'return' THEN -moved.quantity
                                   ELSE 0 END AS issued_quantity,
                   CASE moved.kind WHEN 'issue' THEN moved.value
                                   WHEN 'return' THEN -moved.value
                                   ELSE 0 END AS issued_value,
                   CASE moved.kind WHEN 'issue' THEN 1 WHEN 'return' THEN -1 ELSE 0 END AS hits
              FROM (
                SELECT move.id, move.id AS move_id, move.date,
                       (move.date AT TIME ZONE 'UTC'
                        AT TIME ZONE COALESCE(owner.tz, 'Asia/Shanghai'))::date AS day,
                       move.product_id, template.categ_id,
                       move.company_id, company.currency_id, picking.partner_id,
                       CASE WHEN move.is_out THEN source.warehouse_id
                            ELSE target.warehouse_id END AS warehouse_id,
                       %(model)s AS model_id,
                       %(technician)s AS technician_id,
                       CASE WHEN move.is_out AND target.usage = 'supplier' THEN 'vendor'
                            WHEN move.is_in AND source.usage = 'supplier' THEN 'receipt'
                            WHEN 'inventory' IN (source.usage, target.usage) THEN 'loss'
                            WHEN move.is_out THEN 'issue'
                            ELSE 'return' END AS kind,
                       move.quantity, move.value
                  FROM stock_move move
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN res_company company ON company.id = move.company_id
                  JOIN res_partner owner ON owner.id = company.partner_id
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
             LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                  %(joins)s
                 WHERE move.state = 'done'
                   AND (move.is_in OR move.is_out)
                   AND template.dealer_is_part
              ) moved
            """,
            model=model,
            technician=technician,
            joins=joins,
        )

    def _get_origin(self):
        """Where model and technician of an issue are known from: its parts request.

        :return: joins on ``move`` and ``picking``, and the two expressions
        """
        return (
            SQL(
                "LEFT JOIN dealer_part_request request"
                " ON request.id = picking.dealer_part_request_id"
            ),
            SQL("request.model_id"),
            SQL("request.technician_id"),
        )
