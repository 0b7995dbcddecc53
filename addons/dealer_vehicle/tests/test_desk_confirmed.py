"""What has been confirmed, counted or moved stays so, by whatever client somebody comes."""

import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon

#: A picture of one pixel, for a signature.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)


@tagged("post_install", "-at_install")
class TestConfirmedDeals(DealerVehicleCommon):
    """Sara writes fields that the web client does not let her write."""

    def setUp(self):
        super().setUp()
        self.car = self._stock()
        self.order = self._sell(self.car)
        self.line = self.order.order_line

    def _refused(self, record, vals, pattern):
        with self.assertRaisesRegex(UserError, pattern):
            record.write(vals)

    def test_a_confirmed_line_does_not_let_go_of_its_car(self):
        for vals in ({"state": "draft"}, {"qty_invoiced": 1}, {"currency_id": 1}):
            self._refused(self.line, vals, "follows from")
        other = self._quote(self.car, partner=self.other_customer)
        with self.assertRaises(UserError):
            other.action_confirm()

    def test_a_car_brings_no_amounts_of_its_own(self):
        """Odoo keeps tax amounts of some lines apart from their price, in a field of theirs."""
        brought = {
            "currency_id": self.order.currency_id.id,
            "price_unit": self.line.price_unit,
            "discount": 0,
            "quantity": 1,
            "rate": 1,
            "manual_total_excluded_currency": 1000,
            "manual_total_excluded": 1000,
        }
        total = self.order.amount_total
        self._refused(self.line, {"extra_tax_data": brought}, "follow from its price")
        self._refused(self.line, {"is_downpayment": True}, "follow from its price")
        quote = self._quote(self._stock())
        self._refused(quote.order_line, {"extra_tax_data": brought}, "follow from its price")
        self.assertEqual(self.order.amount_total, total)

    def test_a_confirmed_deal_keeps_its_words_and_who_is_billed(self):
        for vals in ({"note": "Insured by us"}, {"partner_invoice_id": self.other_customer.id}):
            self._refused(self.order, vals, "only a manager")
            self._as(self.max, self.order).write(vals)
        self._refused(self.line, {"name": "With insurance for nothing"}, "only a manager")

    def test_a_confirmed_line_stays_in_its_deal(self):
        other = self._quote(self._stock())
        self._refused(self.line, {"order_id": other.id}, "stays as it was")
        with self.assertRaisesRegex(UserError, "stays as it was"):
            other.order_line = [Command.link(self.line.id)]

    def test_a_confirmed_deal_does_not_become_a_quotation(self):
        for state in ("draft", "sent"):
            self._refused(self.order, {"state": state}, "Cancel it instead")
            self._refused(self._as(self.max, self.order), {"state": state}, "Cancel it instead")
        self._refused(self.order, {"state": "cancel"}, "Cancel and Refund")
        self._as(self.max, self.order).action_cancel()
        self.order.action_draft()
        self.assertEqual(self.order.state, "draft")

    def test_a_confirmed_deal_keeps_customer_seller_number_and_day(self):
        for vals in (
            {"partner_id": self.other_customer.id},
            {"user_id": self.max.id},
            {"name": "X"},
            {"date_order": "2026-01-01 00:00:00"},
        ):
            self._refused(self.order, vals, "only a manager")
        self.order.write({"partner_id": self.customer.id, "user_id": self.sara.id})
        self._as(self.max, self.order).user_id = self.max
        self.assertEqual(self.order.user_id, self.max)

    def test_the_currency_follows_the_price_list(self):
        yen = self.env.ref("base.JPY")
        quote = self._quote(self._stock())
        self._refused(quote, {"currency_id": yen.id}, "follows from")
        self._refused(self.order, {"currency_rate": 0.01}, "follows from")

    def test_what_is_delivered_is_counted(self):
        self._refused(self.line, {"qty_delivered": 1}, "counted from the transfers")

    def test_a_down_payment_is_no_way_round_the_price_policy(self):
        self.company.dealer_price_guard_cost = True
        quote = self._quote(self._stock(), 1000)
        self._refused(quote.order_line, {"is_downpayment": True}, "follow from its price")
        self.assertEqual(quote.dealer_approval_level, "2")
        with self.assertRaisesRegex(UserError, "need approval"):
            quote.action_confirm()

    def test_an_invoice_is_not_linked_by_hand(self):
        own = self._create_invoice_line()
        with self.assertRaisesRegex(UserError, "Create Invoice"):
            self.line.invoice_lines = [Command.link(own.id)]
        with self.assertRaisesRegex(UserError, "Create Invoice"):
            self.line.create(
                {
                    "order_id": self._quote(self._stock()).id,
                    "product_id": self.line.product_id.id,
                    "invoice_lines": [Command.link(own.id)],
                }
            )

    def test_a_new_line_of_the_web_client_is_linked_to_no_invoice(self):
        car = self._stock()
        line = self.line.create(
            {
                "order_id": self._quote(self._stock()).id,
                "dealer_vehicle_id": car.id,
                "invoice_lines": [],
            }
        )
        self.assertEqual(line.dealer_vehicle_id, car)

    def _create_invoice_line(self):
        return (
            self._as(self.fred, self.env["account.move"])
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create({"name": "Other", "price_unit": 1})],
                }
            )
            .invoice_line_ids
        )

    def test_nobody_signs_for_the_customer(self):
        vals = {"signed_by": "Li Na", "signed_on": fields.Datetime.now()}
        for order in (self.order, self._quote(self._stock())):
            self._refused(order, vals, "signs himself")
        with self.assertRaisesRegex(UserError, "signs himself"):
            self._as(self.sara, self.env["sale.order"]).create(
                {"partner_id": self.customer.id, **vals}
            )
        self.order.sudo().write(vals)  # his page
        self._refused(self.order, {"signed_by": False}, "signs himself")

    def _keep_contract(self):
        self.order.sudo().env["dealer.contract.document"].create(
            {
                "order_id": self.order.id,
                "file": base64.b64encode(b"%PDF-1.4 signed"),
                "filename": "contract.pdf",
                "signed_by": "Li Na",
            }
        )

    def test_a_deal_that_was_signed_is_signed_again_when_it_changes(self):
        self._keep_contract()

        def codes():
            self.env.invalidate_all()
            return {one.code for one in self.line._dealer_get_delivery_blockers()[self.line.id]}

        self.order.sudo().write({"signature": PIXEL, "signed_on": "2026-01-01 08:00:00"})
        self.assertNotIn("contract", codes())
        self.assertTrue(self.order._dealer_shows_signature())
        self.line.price_unit += 1000
        self.assertIn("contract", codes())
        self.assertFalse(self.order._dealer_shows_signature())
        # he signs what it is now: what is printed for him bears the new signature
        self.order.sudo().signed_on = fields.Datetime.now() + timedelta(minutes=1)
        self.assertTrue(self.order._dealer_shows_signature())

    def test_another_car_is_another_contract(self):
        self._keep_contract()
        contract = self.order.sudo().dealer_contract_ids
        self.assertTrue(contract.is_current)
        self.line.sudo().dealer_vehicle_id = self._stock()
        self.line.sudo().price_unit = 110000
        self.assertEqual(contract.amount_total, self.order.amount_total)
        contract.invalidate_recordset()
        self.assertFalse(contract.is_current)

    def test_a_sold_car_is_not_taken_out_by_its_quantity(self):
        self._refused(self.line, {"product_uom_qty": 0}, "Cancel and Refund")
        other = self.env["stock.warehouse"].create({"name": "Second store", "code": "SEC"})
        self._refused(self.order, {"warehouse_id": other.id}, "only a manager")

    def test_an_order_does_not_pay_the_customer(self):
        """What a car may not be sold for is not given away on a second order."""
        service = self.env.ref("dealer_vehicle.product_other_service")
        mats = self.env["product.product"].create({"name": "Towing", "type": "service"})
        for other in (None, service, mats):
            lines = [Command.create({"product_id": service.id, "price_unit": -30000})]
            if other:
                lines.append(Command.create({"product_id": other.id, "price_unit": 10}))
            order = self._as(self.sara, self.env["sale.order"]).create(
                {
                    "partner_id": self.customer.id,
                    "dealer_deviation_reason_id": self.price_reason.id,
                    "order_line": lines,
                }
            )
            self.assertEqual(order.dealer_approval_level, "2")
            with self.assertRaisesRegex(UserError, "need approval"):
                order.action_confirm()

    def test_nobody_oversteps_on_the_order_of_a_connector(self):
        """Goods that come back through a shop are negative orders that the system makes."""
        line = {"product_id": self.freight.id, "price_unit": -80}
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
        )
        self.assertEqual(order.dealer_approval_level, "0")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_who_sells_does_not_invoice(self):
        with self.assertRaisesRegex(UserError, "made by accounting"):
            self.order._create_invoices()
        self.assertTrue(self._as(self.fred, self.order)._create_invoices())

    def test_a_planned_invoice_day_stays_when_the_deal_is_confirmed(self):
        quote = self._quote(self._stock())
        later = fields.Date.today() + timedelta(days=40)
        quote.dealer_invoice_date = later
        quote.action_confirm()
        self.assertEqual(quote.dealer_invoice_date, later)
        # a day that has passed is no plan
        other = self._quote(self._stock())
        other.dealer_invoice_date = fields.Date.today() - timedelta(days=3)
        other.action_confirm()
        self.assertEqual(other.dealer_invoice_date, fields.Date.context_today(other))

    def test_a_chosen_invoice_day_stays_when_the_hand_over_moves(self):
        quote = self._quote(self._stock())
        chosen, moved = (fields.Date.today() + timedelta(days=days) for days in (40, 60))
        with Form(quote) as form:
            form.dealer_invoice_date = chosen
        quote.commitment_date = moved
        self.assertEqual(quote.dealer_invoice_date, chosen)
        quote.dealer_invoice_date = False  # cleared: the hand-over counts again
        self.assertEqual(quote.dealer_invoice_date, moved)
        # what the form computed along with the hand-over is nobody's choice
        with Form(quote) as form:
            form.commitment_date = chosen
        self.assertEqual(quote.dealer_invoice_date, chosen)
        self.assertFalse(quote.dealer_invoice_date_chosen)

    def test_a_deal_begins_as_a_quotation(self):
        quote = self._as(self.sara, self._quote(self._stock()))
        for values in ({"state": "sale"}, {"state": "sent"}):
            with self.assertRaisesRegex(UserError, "begins as a quotation"):
                quote.copy(values)


@tagged("post_install", "-at_install")
class TestCarsLeave(DealerVehicleCommon):
    """Ken keeps the stock; he may move cars inside, and out by an order only."""

    def setUp(self):
        super().setUp()
        self.car = self._stock()
        self.lot = self.car.lot_id

    def _transfer(self, destination, user=None):
        warehouse = self.warehouse
        picking_type = warehouse.out_type_id
        values = {
            "product_id": self.car.product_id.id,
            "lot_id": self.lot.id,
            "quantity": 1,
            "location_id": self.car.location_id.id,
            "location_dest_id": destination.id,
        }
        picking = self._as(user or self.ken, self.env["stock.picking"]).create(
            {
                "picking_type_id": picking_type.id,
                "location_id": self.car.location_id.id,
                "location_dest_id": destination.id,
                "move_line_ids": [Command.create(values)],
            }
        )
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def test_a_car_goes_to_a_customer_by_an_order_only(self):
        with self.assertRaisesRegex(UserError, "leaves by a sales order"):
            self._transfer(self.env.ref("stock.stock_location_customers"))
        self.assertEqual(self.car.status, "in_stock")

    def test_nor_to_a_vendor_or_into_production(self):
        for usage in ("supplier", "production"):
            place = self.env["stock.location"].search(
                [("usage", "=", usage), ("company_id", "in", [self.company.id, False])], limit=1
            )
            with self.subTest(usage), self.assertRaisesRegex(UserError, "leaves by a sales order"):
                self._transfer(place)

    def test_a_receipt_of_a_car_has_a_purchase(self):
        picking_type = self.warehouse.in_type_id
        vals = {
            "picking_type_id": picking_type.id,
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": self.warehouse.lot_stock_id.id,
        }
        move = {"product_id": self.car.product_id.id, "product_uom_qty": 1}
        places = {name: vals[name] for name in ("location_id", "location_dest_id")}
        picking = self._as(self.ken, self.env["stock.picking"]).create(
            {**vals, "move_ids": [Command.create({**move, **places})]}
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        self._as(self.ken, self.env["stock.move.line"]).create(
            {
                "move_id": picking.move_ids.id,
                "picking_id": picking.id,
                "product_id": self.car.product_id.id,
                "lot_name": "LFV2A21K8A4000007",
                "quantity": 1,
                **places,
            }
        )
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "by its purchase order"):
            picking.button_validate()

    def test_a_delivered_car_comes_back_by_an_approved_return(self):
        self.company.dealer_gate_return = True
        car = self._stock()
        order = self._sell(car)
        self._deliver(order)
        with self.assertRaisesRegex(UserError, "when its return has been approved"):
            self._return(order.picking_ids)
        self.assertEqual(car.status, "sold")

    def test_the_keeper_rewrites_no_posted_move(self):
        """Odoo lets keepers edit done lines: the stock follows, past every check."""
        car = self._stock()
        line = self.env["stock.move.line"].search([("lot_id", "=", car.lot_id.id)])
        customers = self.env.ref("stock.stock_location_customers")
        mine = self._as(self.ken, line)
        for vals in (
            {"quantity": 0},
            {"location_dest_id": customers.id},
            {"date": "2026-01-01"},
            {"lot_id": self.lot.id},
        ):
            with self.assertRaisesRegex(UserError, "has been posted and stays"):
                mine.write(vals)
        with self.assertRaisesRegex(UserError, "stays as it was posted"):
            mine.move_id.date = "2026-01-01"
        with self.assertRaisesRegex(UserError, "stays as it was posted"):
            mine.picking_id.date_done = "2026-01-01"
        with self.assertRaisesRegex(UserError, "has been posted"), self.cr.savepoint():
            mine.create(
                {
                    "move_id": line.move_id.id,
                    "picking_id": line.picking_id.id,
                    "product_id": line.product_id.id,
                    "lot_name": "LFV2A21K8A4000009",
                    "quantity": 1,
                    "location_id": line.location_id.id,
                    "location_dest_id": line.location_dest_id.id,
                }
            )
        with self.assertRaisesRegex(UserError, "corrects the VIN on the car"):
            self._as(self.ken, car.lot_id).name = "LFV2A21K8A4000008"
        quant = self._as(self.ken, car.lot_id.quant_ids).filtered(lambda one: one.quantity > 0)
        for vals in ({"quantity": 0}, {"location_id": customers.id}):
            with self.assertRaisesRegex(UserError, "is not entered by hand"):
                quant.write(vals)
        sold = self._sell(car).picking_ids.move_ids
        with self.assertRaisesRegex(UserError, "validate the transfer"):
            self._as(self.ken, sold).state = "done"
        self.assertEqual(car.status, "reserved")

    def test_what_was_received_goes_back_to_its_vendor_only(self):
        car = self._stock()
        receipt = self.env["stock.move.line"].search([("lot_id", "=", car.lot_id.id)]).picking_id
        wizard = (
            self._as(self.ken, self.env["stock.return.picking"])
            .with_context(active_id=receipt.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = self._as(self.ken, self.env["stock.picking"]).browse(
            wizard.action_create_returns()["res_id"]
        )
        customers = self.env.ref("stock.stock_location_customers")
        back.write({"location_dest_id": customers.id})
        back.move_ids.write({"location_dest_id": customers.id})
        back.move_line_ids.write({"location_dest_id": customers.id})
        back.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "leaves by a sales order"):
            back._action_done()
        self.assertEqual(car.status, "in_stock")

    def test_the_keeper_enters_no_cost_and_finds_no_cars(self):
        """Odoo lets stock keepers write what a serial number cost, and count up without one."""
        car = self._stock()
        cost = car.unit_cost
        with self.assertRaisesRegex(UserError, "follows from its purchase"):
            self._as(self.ken, car.lot_id).standard_price = 1
        self.assertEqual(car.unit_cost, cost)
        product, place = car.product_id, car.location_id
        stock = product.with_company(self.company).qty_available
        lot = self.env["stock.lot"].create({"name": "LFV2A21K8A4000000", "product_id": product.id})
        for vals in ({"inventory_quantity": 5}, {"lot_id": lot.id, "inventory_quantity": 1}):
            with self.assertRaisesRegex(UserError, "by its purchase order"), self.cr.savepoint():
                self._as(self.ken, self.env["stock.quant"]).with_context(
                    inventory_mode=True
                ).create(
                    {"product_id": product.id, "location_id": place.id, **vals}
                ).action_apply_inventory()
        self.assertEqual(product.with_company(self.company).qty_available, stock)

    def test_a_keeper_writes_no_car_off(self):
        loss = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        with self.assertRaisesRegex(UserError, "by a stocktake, or by a scrap order"):
            self._transfer(loss)
        quant = self.lot.quant_ids.filtered(lambda one: one.location_id.usage == "internal")
        quant = self._as(self.ken, quant).with_context(inventory_mode=True)
        with self.assertRaisesRegex(UserError, "by a stocktake, or by a scrap order"):
            quant.write({"inventory_quantity": 0})
            quant.action_apply_inventory()
        self.assertEqual(self.car.status, "in_stock")


@tagged("post_install", "-at_install")
class TestTaxes(DealerVehicleCommon):
    """A car that is sold without its tax is thirteen per cent of its price short."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_price_guard_tax = True

    def setUp(self):
        super().setUp()
        self.car = self._stock()

    def _offer(self, user, **vals):
        vals = {"partner_id": self.customer.id, "order_line": [self._line()], **vals}
        return self._as(user, self.env["sale.order"]).create(vals)

    def _line(self, **vals):
        return Command.create({"dealer_vehicle_id": self.car.id, **vals})

    def test_who_sells_does_not_choose_the_tax(self):
        order = self._offer(self.sara)
        due = order.order_line.tax_ids
        self.assertEqual(due.amount, 13)
        other = self.env["account.tax"].create(
            {"name": "1 %", "amount": 1, "company_id": self.company.id, "type_tax_use": "sale"}
        )
        for taxes in (Command.clear(), Command.set(other.ids)):
            with self.assertRaisesRegex(UserError, "Ask accounting"):
                order.order_line.tax_ids = [taxes]
        order.order_line.tax_ids = [Command.set(due.ids)]  # what a form sends back
        with self.assertRaisesRegex(UserError, "Ask accounting"):
            self._offer(self.sara, order_line=[self._line(tax_ids=[Command.clear()])])

    def test_accounting_does(self):
        order = self._offer(self.sara)
        grace = self._create_person("grace", "general_manager")
        self._as(grace, order).order_line.tax_ids = [Command.clear()]
        self.assertFalse(order.order_line.tax_ids)

    def test_a_discount_has_the_tax_that_odoo_gives_it(self):
        order = self._offer(self.sara)
        self.assertFalse(self.company.sale_discount_product_id)
        wizard = self._as(self.sara, self.env["sale.order.discount"]).create(
            {"sale_order_id": order.id, "discount_type": "amount", "discount_amount": 100}
        )
        wizard.action_apply_discount()
        discount = order.order_line.filtered(lambda line: line.price_unit < 0)
        self.assertEqual(discount.product_id, self.company.sale_discount_product_id)

    def test_the_fiscal_position_is_the_customers(self):
        abroad = self.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": self.company.id}
        )
        order = self._offer(self.sara)
        with self.assertRaisesRegex(UserError, "follows from its customer"):
            order.fiscal_position_id = abroad
        with self.assertRaisesRegex(UserError, "follows from its customer"):
            self._offer(self.sara, fiscal_position_id=abroad.id)
        self.customer.with_company(self.company).property_account_position_id = abroad
        order.fiscal_position_id = abroad
        self.assertEqual(order.fiscal_position_id, abroad)


@tagged("post_install", "-at_install")
class TestContacts(DealerVehicleCommon):
    """Whoever meets customers and suppliers enters them."""

    ROLES = (
        "sales_consultant",
        "dcc",
        "appraiser",
        "service_advisor",
        "warranty_clerk",
        "parts_keeper",
        "customer_care",
        "marketing",
        "fni",
        "cashier",
        "accountant",
        "general_manager",
    )

    def test_who_meets_people_enters_them(self):
        for role in self.ROLES:
            with self.subTest(role):
                person = self._create_person(f"{role}_2", role)
                form = Form(self._as(person, self.env["res.partner"]))
                form.name = "Li Na"
                form.phone = "13800138000"
                contact = form.save()
                contact.phone = "13900139000"
                if role != "general_manager":
                    with self.assertRaises(AccessError):
                        contact.unlink()

    def test_who_meets_nobody_does_not(self):
        tina = self._create_person("tina", "technician")
        with self.assertRaises(AccessError):
            self._as(tina, self.env["res.partner"]).create({"name": "Li Na"})

    def test_terms_are_for_accounting(self):
        term = self.env.ref("account.account_payment_term_30days")
        customer = self._as(self.sara, self.customer)
        with self.assertRaisesRegex(UserError, "set by accounting"):
            customer.property_payment_term_id = term
        with self.assertRaisesRegex(UserError, "set by accounting"):
            customer.create({"name": "Friend", "property_payment_term_id": term.id})
        customer.write({"property_payment_term_id": False, "phone": "13700137000"})
        self._as(self.fred, self.customer).property_payment_term_id = term

    def test_firms_are_for_who_deals_with_them(self):
        """Contracts print the own company, bills go to vendors."""
        self.maker.write({"is_company": True, "supplier_rank": 1})
        for partner in (self.company.partner_id, self.maker):
            with self.assertRaisesRegex(UserError, "changed by accounting"):
                self._as(self.sara, partner).name = "Somebody else"
        self._as(self.max, self.maker).phone = "13700137000"
        with self.assertRaisesRegex(UserError, "changed by accounting"):
            self._as(self.max, self.company.partner_id).vat = "91320700MA00000001"
        self._as(self.fred, self.company.partner_id).phone = "13700137000"

    def test_nobody_corrects_the_contact_of_a_colleague(self):
        with self.assertRaises(AccessError):
            self._as(self.sara, self.max.partner_id).phone = "13700137000"


@tagged("post_install", "-at_install")
class TestCash(DealerVehicleCommon):
    def test_cash_is_in_the_box_at_once(self):
        """A cashier counts the box every evening against 库存现金."""
        journals = self.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", self.company.id)]
        )
        late = self.env["account.journal"].create(
            {"name": "Second box", "type": "cash", "code": "CSH9", "company_id": self.company.id}
        )
        for journal in journals + late:
            ways = journal._dealer_get_payment_ways()
            self.assertEqual(ways.payment_account_id, journal.default_account_id)
