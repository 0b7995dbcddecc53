from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .desk_price_common import DealerPriceCommon


class DealerApprovalCommon(DealerPriceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("dealer_vehicle.dealer_deviation_reason_competitor")
        cls.mat = cls._create_product("Floor mats", "accessory", 1000)
        cls.film = cls._create_product("Window film", "gift", 400)

    @classmethod
    def _create_product(cls, name, deal_type, price, cost=0):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "dealer_deal_type": deal_type,
                "list_price": price,
                "standard_price": cost,
                "taxes_id": [Command.clear()],
            }
        )

    def _deal(self, price, user=None, cost=100000):
        """A quotation for a car in stock."""
        return self._quote(self._stock(self._create_vehicle(), cost), price, user=user)

    def _ask(self, order, user=None):
        """Ask for approval through the window."""
        wizard = self._as(user or self.sara, self.env["dealer.approval.request"]).create(
            {"order_id": order.id, "reason_id": self.reason.id, "note": "Next door asks less."}
        )
        wizard.action_request()
        return order

    def _approve(self, order, user, comment=False):
        wizard = self._as(user, self.env["dealer.approval.decision"]).create(
            {"order_id": order.id, "decision": "approve", "comment": comment}
        )
        wizard.action_decide()
        return order


@tagged("post_install", "-at_install")
class TestApprovalLevel(DealerApprovalCommon):
    def _level(self, order):
        return order.dealer_approval_level

    def test_approvals_are_read_by_who_reads_the_deal(self):
        """They say what a deal is below, and what the manager thought of it."""
        order = self._deal(147799.99, user=self.sara)
        self._ask(order)
        review = order.sudo().review_ids
        self.assertTrue(review)
        domain = [("id", "in", review.ids)]
        for user in (self.sara, self.max):
            self.assertEqual(self._as(user, review.browse()).search(domain), review, user.name)
            self._as(user, review).read(["status"])
        tina = self._create_person("tina", "technician")
        self.assertFalse(self._as(tina, review.browse()).search(domain))
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._as(tina, review).read(["status"])
        customer = new_test_user(self.env, "buyer", groups="base.group_portal")
        with self.assertRaises(AccessError):
            order.with_user(customer).read(["dealer_approval_note"])
        for model in ("tier.review", "tier.definition"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(customer).search([])

    def test_boundary_of_the_sales_manager(self):
        """Floor 147,800, 2 %: 144,844.00 is the manager's, one cent less is not."""
        for price, level in (
            (159800, "0"),
            (147800, "0"),
            (147799.99, "1"),
            (144844.00, "1"),
            (144843.99, "2"),
        ):
            with self.subTest(price):
                self.assertEqual(self._level(self._deal(price)), level)

    def test_the_included_tax_counts_to_the_cent(self):
        tax = self.company.dealer_car_tax_id
        self.assertTrue(tax.price_include)
        for price, level in ((147800, "0"), (144844.00, "1"), (144843.99, "2")):
            with self.subTest(price):
                order = self._deal(price)
                order.order_line.tax_ids = tax
                self.assertEqual(self._level(order), level)

    def test_a_discount_in_percent_counts(self):
        order = self._deal(159800)
        order.order_line.discount = 8
        self.assertEqual(self._level(order), "1")  # 147,016.00
        order.order_line.discount = 10
        self.assertEqual(self._level(order), "2")

    def test_a_discount_line_lowers_the_price_of_the_car(self):
        order = self._deal(150000)
        order.order_line = [
            Command.create(
                {"product_id": self.mat.id, "price_unit": -2201, "tax_ids": [Command.clear()]}
            )
        ]
        self.assertEqual(self._level(order), "1")

    def test_below_cost_is_for_the_general_manager(self):
        order = self._deal(147800, cost=147900)
        self.assertEqual(self._level(order), "2")
        # who may not see costs is not told why
        self.assertNotIn("below cost", str(order.dealer_approval_summary))
        self.assertIn("below cost", str(self._as(self.grace, order).dealer_approval_summary))

    def test_a_cost_written_on_the_line_changes_nothing(self):
        order = self._deal(147800, cost=147900)
        self._as(self.max, order).order_line.purchase_price = 1
        self._as(self.max, order)._dealer_refresh_approval_level()
        self.assertEqual(self._level(order), "2")

    def test_accessories(self):
        for price, level in ((900, "0"), (899.99, "1"), (850, "1"), (849.99, "2")):
            with self.subTest(price):
                order = self._deal(150000)
                order.order_line = [
                    Command.create({"product_id": self.mat.id, "price_unit": price})
                ]
                self.assertEqual(self._level(order), level)

    def test_gifts_have_a_quota_for_the_deal(self):
        for count, level in ((1, "0"), (2, "1"), (7, "1"), (8, "2")):
            with self.subTest(count):
                order = self._deal(150000)
                order.order_line = [
                    Command.create({"product_id": self.film.id, "product_uom_qty": count})
                ]
                self.assertEqual(self._level(order), level)

    def test_a_gift_is_worth_its_list_price_whatever_the_line_says(self):
        order = self._deal(150000)
        order.order_line = [
            Command.create(
                {"product_id": self.mat.id, "price_unit": 1, "dealer_gift_bearer": "maker"}
            )
        ]
        self.assertEqual(self._level(order), "1")

    def test_a_package_of_gifts_is_worth_what_its_line_says(self):
        """The shipped products have no list price."""
        package = self.env.ref("dealer_vehicle.product_gift")
        for value, level in ((1, "1"), (400, "1"), (2000, "1"), (20000, "2")):
            with self.subTest(value):
                order = self._deal(159800)
                order.order_line = [
                    Command.create({"product_id": package.id, "dealer_unit_value": value})
                ]
                order.order_line.filtered("dealer_gift_bearer").tax_ids = False
                self.assertEqual(self._level(order), level)
                self.assertEqual(order.dealer_gift_total, value)
                self.assertEqual(order.amount_total, 159800)

    def test_a_gift_without_a_value_is_beyond_every_quota(self):
        order = self._deal(159800)
        order.order_line = [
            Command.create({"product_id": self.env.ref("dealer_vehicle.product_gift").id})
        ]
        self.assertEqual(self._level(order), "2")
        with self.assertRaisesRegex(UserError, "enter on its line what it is worth"):
            order.action_confirm()
        line = order.order_line.filtered("dealer_gift_bearer")
        with self.assertRaisesRegex(UserError, "follows from the other fields"):
            line.dealer_gift_value = 300
        line.dealer_unit_value = 300
        # nothing but her word says what it is worth: a manager reads it
        self.assertEqual(self._level(order), "1")
        self.assertIn("a manager confirms that", str(order.dealer_approval_summary))
        line.product_id.sudo().list_price = 300
        order._dealer_refresh_approval_level()
        self.assertEqual(self._level(order), "0")

    def test_no_context_opens_what_was_approved(self):
        """The engine's key to its own lock is a context, which any client can send."""
        order = self._approve(self._ask(self._deal(145000)), self.max)
        for document in (order, order.with_context(skip_validation_check=True)):
            with self.assertRaises(UserError), self.cr.savepoint():
                document.partner_id = self.other_customer
        self.assertEqual(order.partner_id, self.customer)

    def test_nor_do_goods_without_price_and_value_go_along(self):
        for name in ("accessory", "extended_warranty", "plate_service"):
            product = self.env.ref(f"dealer_vehicle.product_{name}")
            with self.subTest(name):
                order = self._deal(159800)
                order.order_line = [Command.create({"product_id": product.id, "price_unit": 0})]
                self.assertEqual(self._level(order), "2")
                with self.assertRaisesRegex(UserError, "has no value"):
                    order.action_confirm()
                # sold at a price it is what it is sold for; a discount counts from there
                line = order.order_line[-1]
                line.price_unit = 2000
                self.assertEqual(self._level(order), "0")
                line.discount = 15
                self.assertEqual(self._level(order), "1")
                line.discount = 100
                self.assertEqual(self._level(order), "2")
                line.write({"discount": 0, "dealer_unit_value": 2300})
                self.assertEqual(self._level(order), "1")

    def _add_tax(self, order, name, price=0):
        tax = self.env.ref(f"dealer_vehicle.product_{name}")
        line = {"product_id": tax.id, "price_unit": price, "tax_ids": [Command.clear()]}
        order.order_line = [Command.create(line)]

    def test_taxes_that_are_nil_are_no_gift(self):
        self.trim.default_fuel_type = "electric"
        order = self._deal(159800)
        self._add_tax(order, "vessel_tax")
        self.assertEqual(self._level(order), "0")

    def test_taxes_that_are_due_and_not_collected_are_given_away(self):
        for price in (0, 1):
            order = self._deal(159800)
            self._add_tax(order, "purchase_tax", price)
            self.assertEqual(self._level(order), "1")

    def test_nobody_forges_a_gift_below_its_list_price_or_its_cost(self):
        camera = self._create_product("Dash cam", "gift", 600, cost=250)
        order = self._deal(159800)
        order.order_line = [
            Command.create({"product_id": camera.id, "price_unit": 1, "dealer_unit_value": 1})
        ]
        self.assertRecordValues(order, [{"dealer_approval_level": "1", "dealer_gift_total": 600}])
        dear = self._create_product("Roof box", "gift", 0, cost=3200)
        order = self._deal(159800)
        order.order_line = [Command.create({"product_id": dear.id, "dealer_unit_value": 1})]
        self.assertEqual(self._level(order), "2")
        # the cost itself is told to nobody who may not see it
        self.assertEqual(order.dealer_gift_total, 1)

    def test_a_used_car_goes_to_the_used_car_manager(self):
        used = self._create_vehicle(kind="used")
        self._stock(used, 50000, user=self.ursula)
        self._as(self.ursula, used).asking_price = 60000
        order = self._quote(used, 55000)
        self.assertRecordValues(
            order, [{"dealer_approval_level": "1", "dealer_is_used_deal": True}]
        )
        order.order_line.price_unit = 49999
        self.assertEqual(self._level(order), "2")
        order.order_line.price_unit = 55000
        self._ask(order)
        self.assertIn(self.ursula, order.reviewer_ids)
        self.assertNotIn(self.max, order.reviewer_ids)

    def test_the_limit_follows_its_dated_parameter(self):
        self.env["dealer.parameter"].create(
            {
                "code": "discount_share_manager",
                "name": "Ours",
                "value": 3,
                "date_from": "2026-01-01",
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._level(self._deal(143366.00)), "1")


@tagged("post_install", "-at_install")
class TestApproval(DealerApprovalCommon):
    def test_within_authority_nobody_is_asked(self):
        order = self._deal(147800)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_maker_cannot_confirm(self):
        order = self._deal(145000)
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()
        with self.assertRaisesRegex(UserError, "need approval"):
            order.write({"state": "sale"})
        self.assertFalse(order.review_ids)

    def test_approved_by_the_right_person_and_confirmed(self):
        order = self._ask(self._deal(145000))
        self.assertEqual(order.validation_status, "pending")
        with self.assertRaisesRegex(UserError, "asked already"):
            order.action_confirm()
        self._approve(order, self.max, "Go.")
        self.assertEqual(order.validation_status, "validated")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            order.dealer_version_ids.sorted("number"),
            [
                {
                    "kind": "asked",
                    "user_id": self.sara.id,
                    "comment": "Next door asks less.",
                    "level": "1",
                    "total": 145000,
                },
                {
                    "kind": "approved",
                    "user_id": self.max.id,
                    "comment": "Go.",
                    "level": "1",
                    "total": 145000,
                },
                {
                    "kind": "confirmed",
                    "user_id": self.sara.id,
                    "comment": False,
                    "level": "1",
                    "total": 145000,
                },
            ],
        )

    def test_beyond_the_manager_only_the_general_manager_decides(self):
        order = self._ask(self._deal(144843.99))
        self.assertEqual(order.reviewer_ids, self.grace + self.gus)
        with self.assertRaisesRegex(UserError, "another decision"):
            self._approve(order, self.max)
        self._approve(order, self.grace)
        order.action_confirm()

    def test_a_reason_is_asked_for(self):
        order = self._deal(145000)
        order.dealer_deviation_reason_id = False
        with self.assertRaisesRegex(UserError, "reason"):
            order.request_validation()

    def test_a_second_click_is_told_that_approval_waits(self):
        order = self._ask(self._deal(145000))
        for ask in (self._ask, lambda order: order.request_validation()):
            with self.assertRaisesRegex(UserError, "asked already: it waits for .*[Mm]anager"):
                ask(order)
        with self.assertRaisesRegex(UserError, "asked already"):
            order.action_dealer_request_approval()
        self.assertEqual(len(order.review_ids), 1)
        self._approve(order, self.max)
        with self.assertRaisesRegex(UserError, "decided on already"):
            self._ask(order)

    def test_rejected_with_a_word(self):
        order = self._ask(self._deal(145000))
        wizard = self._as(self.max, self.env["dealer.approval.decision"]).create(
            {"order_id": order.id, "decision": "reject"}
        )
        with self.assertRaisesRegex(UserError, "why you reject"):
            wizard.action_decide()
        wizard.comment = "Too low."
        wizard.action_decide()
        self.assertEqual(order.validation_status, "rejected")
        told = self.env["mail.message"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)], order="id desc", limit=1
        )
        self.assertEqual(told.notified_partner_ids, self.sara.partner_id)
        self.assertIn("Too low.", told.body)
        with self.assertRaises(UserError):
            order.action_confirm()
        order.restart_validation()
        order.order_line.price_unit = 148000
        order.action_confirm()
        self.assertEqual(
            order.dealer_version_ids.sorted("number").mapped("kind"),
            ["asked", "rejected", "withdrawn", "confirmed"],
        )

    def test_an_approval_is_given_once(self):
        order = self._ask(self._deal(145000))
        self._approve(order, self.max)
        with self.assertRaisesRegex(UserError, "Nothing .* waits"):
            self._approve(order, self.mia)

    def test_a_cost_that_rises_meanwhile_asks_again(self):
        car = self._stock(self._create_vehicle(), 140000)
        order = self._approve(self._ask(self._quote(car, 145000)), self.max)
        self._add_landed_cost(car, 6000)
        with self.assertRaisesRegex(UserError, "General manager"):
            order.action_confirm()

    # === MAKER AND CHECKER ===
    def test_a_manager_does_not_approve_his_own_deal(self):
        order = self._ask(self._deal(145000, user=self.max), self.max)
        self.assertNotIn(self.max, order.reviewer_ids)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._as(self.max, order).validate_tier()
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._approve(order, self.max)
        self._approve(order, self.mia)

    def test_nor_one_that_somebody_else_asks_for_him(self):
        order = self._deal(145000, user=self.max)
        self._as(self.max, order).user_id = self.sara
        self._ask(order)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._approve(order, self.max)

    def test_nor_one_whose_price_he_made(self):
        order = self._deal(147800)
        self._as(self.max, order).order_line.price_unit = 145000
        # as if it had been entered on another day
        order.sudo()._dealer_write_facts({"dealer_maker_ids": [Command.link(self.max.id)]})
        self._ask(order)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._approve(order, self.max)

    def test_the_only_reviewer_is_not_approved_automatically(self):
        """The engine approves by itself when who asks is the only reviewer."""
        (self.mia + self.grace + self.gus).active = False
        order = self._deal(145000, user=self.max)
        order.dealer_deviation_reason_id = self.reason
        with self.assertRaisesRegex(UserError, "Nobody else may decide"):
            order.request_validation()
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_an_administrator_approves_nothing(self):
        self.mia.sudo().group_ids += self.env.ref("dealer_base.group_admin")
        order = self._ask(self._deal(145000))
        self.assertNotIn(self.mia, order.reviewer_ids)
        with self.assertRaises(UserError):
            self._approve(order, self.mia)

    def test_managers_of_another_company_are_not_asked(self):
        stranger = self._create_person("stranger", "sales_manager", self.other_company)
        order = self._ask(self._deal(145000))
        self.assertNotIn(stranger, order.reviewer_ids)
        with self.assertRaises(UserError):
            self._as(stranger, order).validate_tier()

    def test_an_approver_who_lost_the_role_does_not_approve(self):
        order = self._ask(self._deal(145000))
        self.max.group_ids = self.env.ref("dealer_base.group_sales_consultant")
        with self.assertRaises(UserError):
            self._as(self.max, order).validate_tier()
        self.assertEqual(order.validation_status, "pending")


@tagged("post_install", "-at_install")
class TestApprovalWords(DealerApprovalCommon):
    """The engine speaks English where its own translation has nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["dealer_vehicle"], ["zh_CN"])

    def _zh(self, record, user):
        return self._as(user, record).with_context(lang="zh_CN", tracking_disable=False)

    def test_the_page_names_the_role_in_the_language_of_the_reader(self):
        order = self._ask(self._deal(145000))
        order.invalidate_recordset()
        page = self._zh(order, self.sara)
        self.assertEqual(page.review_ids.todo_by, "销售经理")
        self.assertIn("</i> 等待 销售经理 决定<", str(page.to_validate_message))
        self.assertEqual(page.next_review, "当前步骤：低于底价：销售经理审批")
        self.assertEqual(self._as(self.sara, order).review_ids.todo_by, "Sales manager")

    def test_refusals_of_the_engine(self):
        order = self._ask(self._deal(145000))
        with self.assertRaisesRegex(UserError, "正在审批或已审批.*客户"):
            self._zh(order, self.sara).write({"partner_id": self.other_customer.id})
        with self.assertRaisesRegex(UserError, "已申请审批，正在等待 销售经理"):
            self._zh(order, self.sara).request_validation()

    def test_the_chatter(self):
        order = self._zh(self._deal(145000), self.sara)
        order.dealer_deviation_reason_id = self.reason
        order.request_validation()
        self._zh(order, self.max)._dealer_decide(False, "太低")
        texts = " ".join(order.sudo().message_ids.mapped("body"))
        self.assertIn("Sara 申请审批，等待 销售经理 决定。", texts)
        self.assertNotIn("Review", texts)

    def test_no_word_of_its_pages_is_english(self):
        words = (
            ("base_tier_validation.tier_validation_buttons", "Request Validation"),
            ("base_tier_validation.tier_validation_label", 'string="Validate"'),
            ("base_tier_validation.tier_validation_label", 'string="Reject"'),
            ("base_tier_validation.tier_validation_label", "Operation has been"),
            ("base_tier_validation.tier_definition_view_form", "More Options"),
        )
        for xmlid, word in words:
            view = self.env.ref(xmlid)
            with self.subTest(xmlid):
                self.assertIn(word, view.with_context(lang="en_US").arch_db)
                self.assertNotIn(word, view.with_context(lang="zh_CN").arch_db)
        for model in ("sale.order", "dealer.refund.request"):
            status = self.env[model].with_context(lang="zh_CN")._fields["validation_status"]
            labels = dict(
                status._description_selection(self.env(context={"lang": "zh_CN"}))
            ).values()
            self.assertFalse([label for label in labels if label.isascii()])


@tagged("post_install", "-at_install")
class TestApprovalForged(DealerApprovalCommon):
    """What a client could send that no screen offers."""

    def test_prices_stand_still_while_approval_is_asked_and_after(self):
        order = self._ask(self._deal(145000))
        for step in ("asked", "approved"):
            if step == "approved":
                self._approve(order, self.max)
            line = order.order_line
            for vals in (
                {"price_unit": 1},
                {"discount": 50},
                {"product_uom_qty": 0},
                {"tax_ids": [Command.clear()]},
                {"price_total": 159800},
                {"name": "Car with free service for life"},
                {"dealer_vehicle_id": False},
            ):
                with (
                    self.subTest(step=step, vals=vals),
                    self.assertRaisesRegex(UserError, "Change Prices"),
                ):
                    line.write(vals)
            with self.assertRaisesRegex(UserError, "Change Prices"):
                line.create({"order_id": order.id, "product_id": self.mat.id, "price_unit": -5000})
            with self.assertRaisesRegex(UserError, "Change Prices"):
                line.with_context(default_order_id=order.id).create(
                    {"product_id": self.mat.id, "price_unit": -5000}
                )
            with self.assertRaisesRegex(UserError, "Change Prices"):
                line.unlink()
            with self.assertRaises(UserError):
                order.write({"order_line": [Command.update(line.id, {"price_unit": 1})]})
            with self.assertRaises(UserError):
                order.write({"partner_id": self.other_customer.id})
            with self.assertRaises(UserError):
                order.write({"user_id": self.oscar.id})

    def test_even_the_superuser_keeps_to_it(self):
        """The portal acts as superuser when a customer changes options."""
        order = self._ask(self._deal(145000))
        with self.assertRaisesRegex(UserError, "Change Prices"):
            order.sudo().order_line.price_unit = 1

    def test_a_change_asks_again_and_keeps_the_version(self):
        order = self._approve(self._ask(self._deal(145000)), self.max)
        order.restart_validation()
        order.order_line.price_unit = 144900
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()
        self._approve(self._ask(order), self.mia)
        order.action_confirm()
        self.assertRecordValues(
            order.dealer_version_ids.sorted("number"),
            [
                {"number": number, "kind": kind, "total": total}
                for number, (kind, total) in enumerate(
                    [
                        ("asked", 145000),
                        ("approved", 145000),
                        ("withdrawn", 145000),
                        ("asked", 144900),
                        ("approved", 144900),
                        ("confirmed", 144900),
                    ],
                    1,
                )
            ],
        )
        self.assertEqual(
            order.dealer_version_ids.sorted("number")[0].snapshot["lines"][0]["price_unit"], 145000
        )

    def test_an_approval_is_for_the_prices_it_was_asked_for(self):
        """Should a change have slipped through, the count of changes gives it away."""
        order = self._approve(self._ask(self._deal(145000)), self.max)
        order.sudo()._dealer_write_facts({"dealer_price_revision": 7})
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()

    def test_nobody_writes_the_state_of_the_approval(self):
        order = self._deal(145000)
        for vals in (
            {"validation_status": "validated"},
            {"dealer_approval_level": "0"},
            {"dealer_asked_revision": 0},
            {"dealer_asked_level": 2},
            {"dealer_maker_ids": [Command.clear()]},
            {"dealer_version_ids": [Command.clear()]},
            {"review_ids": [Command.create({"status": "approved"})]},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "nobody writes"):
                order.write(vals)
        with self.assertRaisesRegex(UserError, "nobody writes"):
            order.create({"partner_id": self.customer.id, "validation_status": "validated"})

    def test_an_order_is_not_born_confirmed(self):
        product = self.trim._dealer_get_or_create_product()
        vals = {
            "partner_id": self.customer.id,
            "order_line": [Command.create({"product_id": product.id, "price_unit": 1})],
        }
        Order = self._as(self.sara, self.env["sale.order"])
        with self.assertRaisesRegex(UserError, "begins as a quotation"):
            Order.create({**vals, "state": "sale"})
        with self.assertRaisesRegex(UserError, "begins as a quotation"):
            Order.with_context(default_state="sale").create(vals)

    def test_totals_written_by_a_client_do_not_count(self):
        order = self._deal(100000)
        forged = {"price_total": 159800, "price_subtotal": 159800}
        with self.assertRaisesRegex(UserError, "follows from the other fields"):
            order.order_line.write(forged)
        order.order_line.sudo().write(forged)
        order.sudo()._dealer_write_facts({"dealer_approval_level": "0"})
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()

    def test_reviews_are_written_by_the_engine_alone(self):
        order = self._ask(self._deal(145000))
        review = self._as(self.sara, order.review_ids)
        for change in (
            {"status": "approved", "done_by": self.max.id},
            {"requested_by": self.oscar.id},
            {"reviewer_ids": [Command.link(self.sara.id)]},
            {"res_id": 0},
        ):
            with self.subTest(change), self.assertRaises(AccessError):
                review.write(change)
            with self.subTest(change), self.assertRaises(AccessError):
                self._as(self.max, review).write(change)
        with self.assertRaises(AccessError):
            review.unlink()
        with self.assertRaises(AccessError):
            review.create({"model": "sale.order", "res_id": order.id, "status": "approved"})
        # opening the list of reviews still works
        self._as(self.max, self.env["res.users"]).review_user_count()

    def test_the_comment_window_decides_nothing_for_others(self):
        order = self._ask(self._deal(144843.99))
        for user in (self.sara, self.max):
            wizard = self._as(user, self.env["comment.wizard"]).create(
                {
                    "res_model": "sale.order",
                    "res_id": order.id,
                    "review_ids": [Command.set(order.review_ids.ids)],
                    "validate_reject": "validate",
                    "comment": "me",
                }
            )
            with self.subTest(user.name), self.assertRaises(UserError):
                wizard.add_comment()
        wizard = self._as(self.grace, self.env["comment.wizard"]).create(
            {
                "res_model": "sale.order",
                "res_id": order.id,
                "review_ids": [Command.set(order.review_ids.ids)],
                "validate_reject": "validate",
                "comment": "Fine",
            }
        )
        wizard.add_comment()
        self.assertEqual(order.validation_status, "validated")
        self.assertEqual(order.review_ids.comment, "Fine")

    def test_without_a_definition_nobody_confirms(self):
        self.env["tier.definition"].search([("model", "=", "sale.order")]).active = False
        order = self._deal(145000)
        order.dealer_deviation_reason_id = self.reason
        order.request_validation()
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()

    def test_what_does_not_touch_the_price_stays_free(self):
        order = self._approve(self._ask(self._deal(145000)), self.max)
        order.write({"client_order_ref": "A-1", "note": "Blue ribbon"})
        order.action_quotation_sent()
        order.sudo().write({"signed_by": "Li Ming"})  # on his page
        self.assertEqual(order.state, "sent")
        order.action_confirm()

    # === CONFIRMED DEALS ===
    def test_a_confirmed_deal_does_not_get_cheaper(self):
        order = self._approve(self._ask(self._deal(145000)), self.max)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "is confirmed"):
            order.order_line.price_unit = 144900
        with self.assertRaisesRegex(UserError, "is confirmed"):
            order.order_line = [Command.create({"product_id": self.mat.id, "price_unit": -100})]
        # what policy allows is kept as a version
        order.order_line = [Command.create({"product_id": self.mat.id, "price_unit": 1000})]
        self.assertEqual(order.dealer_version_ids.sorted("number")[-1].kind, "changed")

    def test_a_manager_who_has_not_made_it_may_lower_it(self):
        order = self._deal(150000)
        order.action_confirm()
        self._as(self.max, order).order_line.price_unit = 145000
        self.assertEqual(order.dealer_version_ids.sorted("number")[-1].user_id, self.max)
        # now he is one of its makers
        with self.assertRaisesRegex(UserError, "is confirmed"):
            self._as(self.max, order).order_line.price_unit = 144900

    def test_another_car_does_not_bring_the_old_price(self):
        """A floor of an aged car does not carry over to a fresh one."""
        old, new = self._create_vehicle(), self._create_vehicle()
        self._stock(old)
        self._stock(new)
        red = self._create_color("Red")
        old.exterior_color_id = red
        self._create_rule(
            name="Red", model_id=self.trim.id, exterior_color_id=red.id, amount=140000
        )
        order = self._quote(old, 140000)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "is confirmed"):
            order.order_line.dealer_vehicle_id = new

    def test_another_currency_does_not_lower_the_price(self):
        order = self._deal(150000)
        order.action_confirm()
        dong = self.env.ref("base.VND")
        dong.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dong.id,
                "rate": 3500,
                "name": "2026-01-01",
                "company_id": self.company.id,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dong", "currency_id": dong.id, "company_id": self.company.id}
        )
        with self.assertRaises(UserError):
            order.write({"pricelist_id": pricelist.id})

    def test_versions_are_kept_as_they_were(self):
        order = self._ask(self._deal(145000))
        version = order.dealer_version_ids
        for user in (self.sara, self.grace):
            with self.assertRaises(UserError):
                self._as(user, version).write({"total": 1})
            with self.assertRaises(UserError):
                self._as(user, version).unlink()
        with self.assertRaises(UserError):
            version.sudo().write({"total": 1})
        with mute_logger("odoo.models.unlink"), self.assertRaisesRegex(UserError, "Cancel it"):
            order.sudo().unlink()

    def test_a_colleague_reads_no_versions_of_my_deals(self):
        order = self._ask(self._deal(145000))
        self.assertFalse(
            self._as(self.oscar, self.env["dealer.order.version"]).search(
                [("order_id", "=", order.id)]
            )
        )

    def test_a_copy_is_not_approved(self):
        order = self._approve(self._ask(self._deal(145000)), self.max)
        copy = order.copy()
        self.assertFalse(copy.review_ids)
        self.assertEqual(copy.validation_status, "no")
        self.assertFalse(copy.dealer_deviation_reason_id)
