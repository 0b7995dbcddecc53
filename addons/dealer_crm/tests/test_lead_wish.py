from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .lead_case import LeadCase


@tagged("post_install", "-at_install")
class TestLeadWish(LeadCase):
    """From what the customer wishes to a quotation, and from a car to who waits for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        attribute = cls.env["dealer.vehicle"]._dealer_color_attribute("exterior")
        cls.white, cls.blue = cls.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": attribute.id} for name in ("White", "Blue")]
        )

    def _wish(self, lead=None, **vals):
        lead = lead or self._lead()
        lead.dealer_wish_ids = [Command.create({"model_id": self.trim.id, **vals})]
        return lead.dealer_wish_ids[-1:]

    # === QUOTATION ===
    def test_quotation_without_retyping(self):
        source = self.env["utm.source"].create({"name": "Autohome"})
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        lead = self._lead(source_id=source.id, campaign_id=campaign.id)
        lead.write(
            {
                "dealer_wish_kind": "both",
                "dealer_store_id": self.warehouse.id,
                "dealer_old_name": "Swallow 2018",
                "dealer_old_price": 40000,
                "dealer_old_loan": 10000,
            }
        )
        self._wish(lead, color_1_id=self.blue.id, color_2_id=self.white.id)
        action = lead.action_sale_quotations_new()
        self.assertEqual(action["res_model"], "sale.order")
        self.assertEqual(lead.partner_id.name, "Li Ming")
        context = {
            key: value for key, value in action["context"].items() if key.startswith("default_")
        }
        with Form(self._as(self.sara, self.env["sale.order"]).with_context(**context)) as form:
            pass
        order = form.record
        self.assertRecordValues(
            order,
            [
                {
                    "partner_id": lead.partner_id.id,
                    "opportunity_id": lead.id,
                    "source_id": source.id,
                    "campaign_id": campaign.id,
                    "user_id": self.sara.id,
                    "dealer_trade_in_equity": 30000,
                    "warehouse_id": self.warehouse.id,
                }
            ],
        )
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.trim.dealer_product_id.id,
                    "dealer_color_wish_1_id": self.blue.id,
                    "dealer_color_wish_2_id": self.white.id,
                    "price_unit": 120000,
                }
            ],
        )
        self.assertEqual(order.dealer_trade_in_ids.name, "Swallow 2018")

    def test_known_customer_is_found_by_the_phone(self):
        known = self._create_customer("Li Ming", user=self.sara, phone="13800138000")
        lead = self._lead(phone="138 0013 8000")
        self._wish(lead)
        lead.action_sale_quotations_new()
        self.assertEqual(lead.partner_id, known)

    def test_seller_gets_no_quotation(self):
        lead = self._lead(dealer_wish_kind="seller")
        with self.assertRaises(UserError):
            lead.action_sale_quotations_new()

    def test_series_and_brand_follow_the_trim(self):
        wish = self._wish()
        self.assertRecordValues(wish, [{"series_id": self.series.id, "brand_id": self.brand.id}])

    # === MATCH ===
    def test_received_car_finds_who_waits(self):
        waiting = self._wish(color_1_id=self.blue.id).lead_id
        self._wish(self._lead(user=self.tom), color_1_id=self.white.id)
        car = self._create_vehicle(exterior_color_id=self.blue.id)
        self._receive(self._buy(car))
        self.assertEqual(waiting.dealer_match_ids.vehicle_id, car)
        activity = self._activities(waiting, "wish_match")
        self.assertEqual(activity.user_id, self.sara)
        self.assertEqual(self.env["dealer.wish.match"].search([]).vehicle_id, car)

    def test_priced_car_finds_who_waits_within_the_budget(self):
        rich = self._wish(budget=100000).lead_id
        poor = self._wish(self._lead(user=self.tom), budget=80000).lead_id
        car = self._create_vehicle(asking_price=150000)
        self._receive(self._buy(car))
        self.assertFalse(rich.dealer_match_ids)
        car.asking_price = 95000
        self.assertEqual(rich.dealer_match_ids.vehicle_id, car)
        self.assertFalse(poor.dealer_match_ids)
        car.asking_price = 96000
        self.assertEqual(len(rich.dealer_match_ids), 1)

    def test_used_car_and_series(self):
        any_lark = self._wish(self._lead(), model_id=False, series_id=self.series.id, kind="any")
        only_new = self._wish(self._lead(user=self.tom))
        car = self._create_vehicle(kind="used")
        self._receive(self._buy(car))
        self.assertTrue(any_lark.match_ids)
        self.assertFalse(only_new.match_ids)

    def test_defeated_lead_waits_no_more(self):
        wish = self._wish()
        wish.lead_id.sudo().action_set_lost()
        self._receive(self._buy(self._create_vehicle()))
        self.assertFalse(wish.sudo().match_ids)
