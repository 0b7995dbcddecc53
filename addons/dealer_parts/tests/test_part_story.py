import base64
import csv
import io
import random

from odoo.fields import Datetime
from odoo.tests import tagged

from .replenishment_case import ReplenishmentCase

BRANDS = ("Acura", "Chrysler", "BMW")


def make_maker_list(rows=300, seed=5):
    """A list as a shop of original parts has it: brand, number, kind, no price."""
    rng = random.Random(seed)
    for number in range(rows):
        yield {
            "brand_prefix": "X",
            "brand": rng.choice(BRANDS),
            "part_number": f"{rng.randint(10000, 99999)}TR{number % 10}A{number:03d}",
            "part_code": "ABS",
            "name_ru": f"Деталь {number}",
        }


def make_price_list(parts, seed=6):
    """A price list of some of these parts, in other letters, with a number twice."""
    rng = random.Random(seed)
    for part in parts:
        number = part["part_number"].lower()
        yield {
            "brand": part["brand"].upper(),
            "part_number": f"{number[:5]} {number[5:]}",
            "price_uah": rng.randint(100, 99_999),
            "stock_qty": rng.randint(0, 20),
            "name": "Деталь",
        }


@tagged("post_install", "-at_install")
class TestPartStory(ReplenishmentCase):
    """What the issue wants to be shown: list, chain, sale, order.

    The lists have the form, the flaws and the letters of ``oem_part_numbers.csv`` and
    ``parts_price_list_ua.csv`` (data made by others, whose licence is not stated).
    """

    def _import(self, rows, **vals):
        rows = list(rows)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        wizard = self._as(self.petra, self.env["dealer.part.price.import"]).create(
            {
                "data_file": base64.b64encode(text.getvalue().encode()),
                "filename": "list.csv",
                **vals,
            }
        )
        wizard.action_read_file()
        wizard.action_import()
        return wizard

    def _find(self, row):
        key = row["part_number"].upper()
        return self.env["product.product"].search([("dealer_part_key", "=", key)])

    def test_from_the_list_to_the_order(self):
        rows = list(make_maker_list())
        wizard = self._import(rows)
        self.assertEqual(wizard.error_count, 0)
        self.assertIn("part_code", wizard.unused_headings)
        hryvnia = self.env.ref("base.UAH")
        hryvnia.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": hryvnia.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "company_rate": 5,
            }
        )
        prices = list(make_price_list(rows[:60]))
        wizard = self._import([*prices, prices[0]], currency_id=hryvnia.id)
        self.assertEqual((wizard.ok_count, wizard.error_count), (60, 1))
        self.assertEqual(wizard.line_ids.mapped("result").count("new"), 0)
        # a chain of three steps
        chain = [self._find(row) for row in rows[:4]]
        for old, new in zip(chain, chain[1:], strict=False):
            self._as(self.pat, self.env["dealer.part.supersession"]).create(
                {"old_product_id": old.id, "new_product_id": new.id}
            )
        self._receive_part(chain[3], 5, price=100)
        # asked for by the oldest number, sold at the price of what is there
        lookup = self._as(self.pat, self.env["dealer.part.lookup"]).create(
            {
                "number": prices[0]["part_number"],
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
            }
        )
        lookup.action_search()
        self.assertEqual(lookup.line_ids[0].product_id, chain[0])
        self.assertEqual(set(lookup.line_ids.product_id), set(chain))
        order = self.env["sale.order"].browse(lookup.line_ids[0].action_sell()["res_id"])
        self.assertEqual(order.order_line.product_id, chain[3])
        self.assertEqual(order.amount_total, prices[3]["price_uah"] / 5)
        self._as(self.pat, order).action_dealer_sell()
        self.assertEqual(order.sudo().invoice_ids.amount_total, order.amount_total)
        # what was sold of the oldest number is ordered by the newest one
        self._receive_part(chain[0], 48, date="2025-08-15 02:00:00", price=100)
        for fortnight in range(24):
            day = Datetime.add(Datetime.to_datetime("2025-09-10 02:00:00"), weeks=2 * fortnight)
            self._issue_part(chain[0], 2, date=day)
        self._sold_by(chain[3], price=100)
        line = self._line(self._compute(), chain[3])
        self.assertTrue(line.proposed_quantity)
        self.assertFalse(self._line(line.proposal_id, chain[0]))
        self._as(self.petra, line.proposal_id).action_order()
        bought = self.env["purchase.order.line"].search([("product_id", "=", chain[3].id)])
        self.assertEqual(bought.product_qty, line.quantity)
        self.assertEqual(bought.order_id.dealer_order_type, "stock")
