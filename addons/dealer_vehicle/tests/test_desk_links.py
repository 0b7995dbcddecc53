"""Proofs of one deal are not shown for another, and what follows from them is written by nobody."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_desk_registration import DealerRegistrationCommon


@tagged("post_install", "-at_install")
class TestLinks(DealerRegistrationCommon):
    """Sara has two deals, and would like to use the papers of the first for the second."""

    def setUp(self):
        super().setUp()
        self.first, self.second = self._deal(), self._deal()
        self.car, self.other_car = (
            order.order_line.dealer_vehicle_id for order in self.first | self.second
        )
        self.other_line = self.second.order_line

    def _refused(self, record, vals, pattern="stays as it was"):
        with self.assertRaisesRegex(UserError, pattern):
            record.write(vals)

    def test_a_registration_stays_with_its_car(self):
        registration = self._register(self.first, self.sara)
        self._refused(registration, {"sale_line_id": self.other_line.id})
        self._refused(registration, {"vehicle_id": self.other_car.id}, "follows from")
        self._refused(registration, {"order_id": self.second.id}, "follows from")
        task = registration.task_ids[0]
        self._refused(task, {"kind": "papers"})
        self._refused(task, {"registration_id": self._register(self.second, self.sara).id})
        self._refused(task, {"date_due": "2030-01-01"}, "follows from")

    def test_nobody_says_that_a_car_is_registered(self):
        registration = self._register(self.first, self.sara)
        self._refused(registration, {"state": "done"}, "follows from")
        self.assertEqual(registration.state, "open")

    def test_a_client_brings_no_default_for_what_follows(self):
        Registration = self._as(self.sara, self.env["dealer.registration"])
        registration = Registration.with_context(default_state="done").create(
            {"sale_line_id": self.first.order_line.id}
        )
        self.assertEqual(registration.state, "open")

    def test_a_paper_stays_in_its_jacket(self):
        order = self._as(self.sara, self.first)
        order.action_fill_jacket()
        papers = order.dealer_paper_ids
        self._refused(papers[0], {"order_id": self.second.id})
        self._refused(papers[0], {"document_type_id": papers[1].document_type_id.id})
        with self.assertRaisesRegex(UserError, "stays as it was"):
            self._as(self.sara, self.second).dealer_paper_ids = [Command.link(papers[0].id)]

    def test_what_stays_may_be_sent_again(self):
        order = self._as(self.sara, self.first)
        order.action_fill_jacket()
        order.dealer_paper_ids[0].write({"order_id": order.id, "is_given": True})
        self.assertTrue(order.dealer_paper_ids[0].is_given)

    def test_a_hand_over_stays_with_its_car(self):
        delivery = self._prepare_delivery(self.first)
        self._refused(delivery, {"sale_line_id": self.other_line.id})
        self._refused(delivery, {"vehicle_id": self.other_car.id}, "follows from")
        self._sign(delivery).action_hand_over()
        self._refused(delivery, {"sale_line_id": self.other_line.id})
        self._refused(delivery, {"order_id": self.second.id}, "follows from")

    def test_a_release_stays_with_its_car(self):
        self.company.dealer_gate_money = "paid"
        release = self._as(self.sara, self.env["dealer.delivery.release"]).create(
            {"sale_line_id": self.first.order_line.id, "reason": "Bank pays tomorrow"}
        )
        self._refused(release, {"sale_line_id": self.other_line.id})

    def test_a_pledged_certificate_stays_one(self):
        certificate = self._as(self.ken, self.env["dealer.custody"]).create(
            {"vehicle_id": self.car.id, "kind": "certificate", "name": "YW1"}
        )
        self._as(self.fred, self.env["dealer.custody.move"]).create(
            {"custody_id": certificate.id, "state": "pledged", "holder_id": self.customer.id}
        )
        self._refused(certificate, {"kind": "key"}, "stays what it is")
        self._refused(certificate, {"vehicle_id": self.other_car.id}, "cannot change its car")

    def test_a_recalled_car_is_not_exchanged(self):
        wanda = self._create_person("wanda", "service_manager")
        recall = self._as(wanda, self.env["dealer.recall"]).create(
            {
                "code": "R1",
                "name": "Airbag",
                "brand_id": self.brand.id,
                "line_ids": [Command.create({"vehicle_id": self.car.id})],
            }
        )
        recall.action_open()
        self._refused(recall.line_ids, {"vehicle_id": self.other_car.id})
        self._refused(self._as(self.max, recall.line_ids), {"is_stopped": False}, "follows from")

    def test_a_damage_stays_with_its_car(self):
        damage = self._as(self.ken, self.env["dealer.vehicle.damage"]).create(
            {"vehicle_id": self.car.id, "description": "Scratch"}
        )
        self._refused(damage, {"vehicle_id": self.other_car.id})

    def test_a_fitment_stays_with_its_car(self):
        film = self.env["product.product"].create({"name": "Film", "type": "consu"})
        line = self.other_line.copy(
            {"order_id": self.second.id, "product_id": film.id, "dealer_vehicle_id": False}
        )
        Fitment = self._as(self.ken, self.env["dealer.fitment"])
        fitment = Fitment.create({"vehicle_id": self.car.id, "order_id": self.first.id})
        self._refused(fitment, {"vehicle_id": self.other_car.id})
        self._refused(fitment, {"order_id": self.second.id})
        with self.assertRaisesRegex(ValidationError, "not what the order"):
            fitment.line_ids = [Command.create({"product_id": film.id, "sale_line_id": line.id})]

    def test_deposits_say_what_the_books_say(self):
        carl = self._create_person("carl", "cashier")
        deposit = self._as(carl, self.env["dealer.deposit"]).create(
            {"order_id": self.first.id, "kind": "earnest", "amount": 5000}
        )
        self._refused(deposit, {"residual": 99999}, "follows from")

    def test_a_signed_contract_keeps_its_total(self):
        document = self.env["dealer.contract.document"].create(
            {"order_id": self.first.id, "file": b"cGRm", "filename": "a.pdf", "signed_by": "Li"}
        )
        self._refused(self._as(self.max, document), {"amount_total": 1}, "never changed")

    def test_forms_keep_what_cannot_change(self):
        certificate = self._as(self.ken, self.env["dealer.custody"]).create(
            {"vehicle_id": self.car.id, "kind": "certificate", "name": "YW1"}
        )
        with Form(certificate) as form, self.assertRaises(AssertionError):
            form.kind = "key"
