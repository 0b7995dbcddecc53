"""Parts in bins, and the verbs of those who look after them."""

from odoo import Command, fields

from odoo.addons.dealer_vehicle.tests.common import DealerVehicleCommon


class PartCareCase(DealerVehicleCommon):
    """A store with bins; Pat keeps parts, Petra manages them, Paul keeps parts, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pat = cls._create_person("pat", "parts_keeper")
        cls.paul = cls._create_person("paul", "parts_keeper")
        cls.petra = cls._create_person("petra", "parts_manager")
        cls.fiona = cls._create_person("fiona", "finance_manager")
        cls.greta = cls._create_person("greta", "general_manager")
        cls.gina = cls._create_person("gina", "group_manager")
        cls.stock_account = cls._account("1405")
        cls.loss_account = cls._account("1901")
        cls.category = cls.env.ref("dealer_parts.product_category_maintenance")
        cls.stock = cls.warehouse.lot_stock_id
        cls.bin = cls._bin("A-01-1-01")
        cls.other_bin = cls._bin("A-01-1-02")
        (cls.bin | cls.other_bin).dealer_is_mixed = True

    @classmethod
    def _bin(cls, name, parent=None):
        return cls.env["stock.location"].create(
            {"name": name, "location_id": (parent or cls.stock).id, "usage": "internal"}
        )

    @classmethod
    def _part(cls, number, cost=10, categ=None, **vals):
        part = cls.env["product.product"].create(
            {
                "name": f"Part {number}",
                "default_code": number,
                "type": "consu",
                "is_storable": True,
                "categ_id": (categ or cls.category).id,
                **vals,
            }
        )
        part.with_company(cls.company).standard_price = cost
        return part

    @classmethod
    def _move(cls, part, quantity, source, destination, date=None, lot=None, **vals):
        """A done move, on some day, at what it costs."""
        move = cls.env["stock.move"].create(
            {
                "product_id": part.id,
                "product_uom": part.uom_id.id,
                "product_uom_qty": quantity,
                "company_id": cls.company.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                **vals,
            }
        )
        move._action_confirm()
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": part.id,
                    "product_uom_id": part.uom_id.id,
                    "quantity": quantity,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "lot_id": lot.id if lot else False,
                }
            )
        ]
        move.picked = True
        move._action_done()
        if date:
            move.date = date
            move.move_line_ids.date = date
        return move

    @classmethod
    def _receive_part(cls, part, quantity, place=None, date=None, price=None, lot=None):
        vendors = cls.env.ref("stock.stock_location_suppliers")
        vals = {"price_unit": price} if price is not None else {}
        return cls._move(part, quantity, vendors, place or cls.bin, date, lot, **vals)

    @classmethod
    def _issue_part(cls, part, quantity, place=None, date=None, lot=None):
        customers = cls.env.ref("stock.stock_location_customers")
        return cls._move(part, quantity, place or cls.bin, customers, date, lot)

    def _stock_of(self, part, place=None):
        place = place or self.stock
        return part.with_context(location=place.id).qty_available

    def _entries(self):
        return self.env["account.move.line"].search(
            [("account_id", "in", (self.stock_account | self.loss_account).ids)]
        )

    @classmethod
    def _days_ago(cls, days):
        return fields.Datetime.subtract(fields.Datetime.now(), days=days)
