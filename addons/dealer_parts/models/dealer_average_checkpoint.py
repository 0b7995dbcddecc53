from odoo import fields, models
from odoo.tools import SQL

#: Moves between two checkpoints: so many are replayed at most, beside those of the last day.
DISTANCE = 50
#: A checkpoint is older than any transaction that could still write before it.
SAFE_HOURS = 24
#: Changes of younger moves concern no checkpoint; between the two lies the longest transaction.
YOUNG_HOURS = 12


class DealerAverageCheckpoint(models.Model):
    """Quantity and value of a part at average cost after one of its moves.

    Odoo replays all moves that a product ever had at each receipt (``_run_avco``); from here the
    replay begins at the last checkpoint. Whatever changes the past deletes the checkpoints behind
    it: triggers in the database see that, whoever writes.
    """

    _name = "dealer.average.checkpoint"
    _description = "Average Cost at a Moment"
    _rec_names_search = ["product_id"]
    _log_access = False
    _order = "move_date desc, move_ref desc"

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    move_date = fields.Datetime(required=True)
    move_ref = fields.Integer(required=True, help="Last move that is counted.")
    quantity = fields.Float(required=True)
    average = fields.Float(required=True)
    total = fields.Float(required=True)

    _once = models.UniqueIndex("(product_id, company_id, move_date, move_ref)")

    def init(self):
        """Create the triggers that forget what the past no longer supports."""
        forget = SQL(
            """
            CREATE OR REPLACE FUNCTION dealer_average_forget(product int, moment timestamp, ref int)
            RETURNS void AS $$
            BEGIN
                IF moment > now() AT TIME ZONE 'UTC' - %s * interval '1 hour' THEN
                    RETURN;
                END IF;
                DELETE FROM dealer_average_checkpoint
                 WHERE product_id = product AND (move_date, move_ref) >= (moment, ref);
                -- of two transactions the later one has to begin again: see _dealer_save
                UPDATE product_product SET write_date = write_date WHERE id = product;
            END $$ LANGUAGE plpgsql;

            CREATE OR REPLACE FUNCTION dealer_average_move() RETURNS trigger AS $$
            BEGIN
                IF TG_OP <> 'INSERT' AND OLD.state = 'done' THEN
                    PERFORM dealer_average_forget(OLD.product_id, OLD.date, OLD.id);
                END IF;
                IF TG_OP <> 'DELETE' AND NEW.state = 'done' THEN
                    PERFORM dealer_average_forget(NEW.product_id, NEW.date, NEW.id);
                END IF;
                RETURN NULL;
            END $$ LANGUAGE plpgsql;

            CREATE OR REPLACE FUNCTION dealer_average_move_line() RETURNS trigger AS $$
            BEGIN
                PERFORM dealer_average_forget(move.product_id, move.date, move.id)
                   FROM stock_move move
                  WHERE move.state = 'done'
                    AND ((TG_OP <> 'INSERT' AND move.id = OLD.move_id)
                         OR (TG_OP <> 'DELETE' AND move.id = NEW.move_id));
                RETURN NULL;
            END $$ LANGUAGE plpgsql;

            CREATE OR REPLACE FUNCTION dealer_average_value() RETURNS trigger AS $$
            BEGIN
                IF TG_OP <> 'INSERT' AND OLD.move_id IS NULL THEN
                    PERFORM dealer_average_forget(OLD.product_id, OLD.date, 0);
                END IF;
                IF TG_OP <> 'DELETE' AND NEW.move_id IS NULL THEN
                    PERFORM dealer_average_forget(NEW.product_id, NEW.date, 0);
                END IF;
                RETURN NULL;
            END $$ LANGUAGE plpgsql;
            """,
            YOUNG_HOURS,
        )
        self.env.cr.execute(forget)
        for table, function, columns in (
            (
                "stock_move",
                "dealer_average_move",
                ("company_id", "date", "is_dropship", "is_in", "is_out", "product_id")
                + ("quantity", "state", "value"),
            ),
            (
                "stock_move_line",
                "dealer_average_move_line",
                ("location_dest_id", "location_id", "move_id", "owner_id", "picked")
                + ("quantity_product_uom",),
            ),
            (
                "product_value",
                "dealer_average_value",
                ("date", "lot_id", "move_id", "product_id", "value"),
            ),
        ):
            self._create_triggers(table, function, columns)

    def _create_triggers(self, table, function, columns):
        """One trigger for rows that come or go, one for rows of which something here changes."""
        changed = SQL(" OR ").join(
            SQL("OLD.%(c)s IS DISTINCT FROM NEW.%(c)s", c=SQL.identifier(column))
            for column in columns
        )
        for name, event, condition in (
            (f"{function}_rows", SQL("INSERT OR DELETE"), SQL()),
            (f"{function}_change", SQL("UPDATE"), SQL("WHEN (%s)", changed)),
        ):
            self.env.cr.execute(
                SQL(
                    "CREATE OR REPLACE TRIGGER %s AFTER %s ON %s FOR EACH ROW %s"
                    " EXECUTE FUNCTION %s()",
                    SQL.identifier(name),
                    event,
                    SQL.identifier(table),
                    condition,
                    SQL.identifier(function),
                )
            )

    def _drop_triggers(self):
        """Leave the tables of Odoo as they were; called when the addon is uninstalled."""
        for name in ("move", "move_line", "value"):
            function = SQL.identifier(f"dealer_average_{name}")
            self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", function))

    def _get_last(self, product, company):
        """Moment, move, quantity, average and total of the last checkpoint, or None."""
        rows = self.env.execute_query(
            SQL(
                """
                  SELECT move_date, move_ref, quantity, average, total
                    FROM dealer_average_checkpoint
                   WHERE product_id = %s AND company_id = %s
                ORDER BY move_date DESC, move_ref DESC
                   LIMIT 1
                """,
                product.id,
                company.id,
            )
        )
        return rows[0] if rows else None

    def _save(self, product, company, rows):
        """Keep checkpoints, unless somebody changes the past of the product at this moment.

        :param rows: list of ``(moment, move id, quantity, average, total)``
        """
        # a transaction that changes the past writes this row too: one of the two is run again
        self.env.cr.execute(
            SQL("UPDATE product_product SET write_date = write_date WHERE id = %s", product.id)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dealer_average_checkpoint
                            (product_id, company_id, move_date, move_ref, quantity, average, total)
                     SELECT %s, %s, *
                       FROM unnest(%s::timestamp[], %s::int[],
                                   %s::float[], %s::float[], %s::float[])
                ON CONFLICT DO NOTHING
                """,
                product.id,
                company.id,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
