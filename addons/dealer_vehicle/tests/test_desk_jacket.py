"""The deal jacket: papers by rule, and no car leaves without them."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .delivery_case import DealerDeliveryCommon


@tagged("post_install", "-at_install")
class TestJacket(DealerDeliveryCommon):
    def setUp(self):
        super().setUp()
        self.company.dealer_gate_papers = True
        self.order = self._deal()
        self.line = self.order.order_line

    def _type(self, name):
        return self.env.ref(f"dealer_vehicle.dealer_document_type_{name}")

    def _fill(self):
        self._as(self.sara, self.order).action_fill_jacket()
        return self._as(self.sara, self.order).dealer_paper_ids

    def _file(self, record, document_type=None, content=None):
        return self.env["ir.attachment"].create(
            {
                "name": "paper.pdf",
                "raw": content or f"paper of {record}".encode(),
                "res_model": record._name,
                "res_id": record.id,
                "dealer_document_type_id": document_type and document_type.id,
            }
        )

    def _bring(self, papers):
        for paper in papers:
            paper.attachment_ids = self._file(paper)

    def test_a_person_with_a_new_car_needs_these_papers(self):
        self.assertEqual(
            self._fill().document_type_id,
            self._type("contract")
            | self._type("identity")
            | self._type("sales_invoice")
            | self._type("conformity"),
        )

    def test_a_firm_brings_its_licence(self):
        self.customer.is_company = True
        papers = self._fill().document_type_id
        self.assertIn(self._type("business_licence"), papers)
        self.assertNotIn(self._type("identity"), papers)

    def test_who_buys_insurance_here_gets_the_policy(self):
        product = self.env.ref("dealer_vehicle.product_ctpl")
        self.order.sudo().order_line = [Command.create({"product_id": product.id})]
        self.assertIn(self._type("insurance"), self._fill().document_type_id)

    def test_the_contract_that_was_signed_is_in_the_jacket(self):
        paper = self._fill().filtered(lambda p: p.document_type_id == self._type("contract"))
        self.assertEqual(paper.state, "missing")
        self._as(self.sara, self.env["dealer.contract.document"]).create(
            {
                "order_id": self.order.id,
                "file": base64.b64encode(b"signed"),
                "filename": "contract.pdf",
                "signed_by": "Li Ming",
            }
        )
        paper.invalidate_recordset(["state"])
        self.assertEqual(paper.state, "there")
        self.order.sudo().order_line.price_unit += 100  # another deal than the one he signed
        paper.invalidate_recordset(["state"])
        self.assertEqual(paper.state, "missing")

    def test_papers_of_a_delivered_deal_are_kept(self):
        papers = self._fill()
        self._bring(papers)
        files = self._as(self.sara, papers[0].attachment_ids)
        files.raw = b"a better scan"  # until then a bad scan is replaced
        self._hand_over(self.order)
        for change in (lambda: files.write({"raw": b"another"}), files.unlink):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                change()
        paper = self._as(self.max, papers[0])
        for change in (lambda: paper.write({"attachment_ids": [Command.clear()]}), paper.unlink):
            with self.assertRaisesRegex(UserError, "stays in the jacket"), self.cr.savepoint():
                change()
        paper.attachment_ids += self._file(paper, content=b"a second page")

    def test_filling_twice_changes_nothing(self):
        self.assertEqual(self._fill(), self._fill())

    def test_a_missing_paper_blocks_and_is_named(self):
        papers = self._fill()
        self._bring(papers - papers[0])
        blocker = self._blockers(self.order, "papers")[0]
        self.assertIn(papers[0].document_type_id.name, blocker.message)
        self.assertIn("consultant", blocker.who)
        with self.assertRaisesRegex(UserError, "missing in the deal jacket"):
            self._hand_over(self.order)

    def test_with_all_papers_the_car_goes(self):
        self._bring(self._fill())
        self.assertEqual(self._hand_over(self.order).state, "done")

    def test_one_file_is_not_two_papers(self):
        papers = self._fill()
        papers[0].attachment_ids = self._file(papers[0], content=b"one picture")
        name = papers[0].document_type_id.name
        with self.assertRaisesRegex(ValidationError, f"already as “{name}”"), self.cr.savepoint():
            papers[1].attachment_ids = self._file(papers[1], content=b"one picture")
        with self.assertRaisesRegex(ValidationError, f"already as “{name}”"), self.cr.savepoint():
            papers[1].attachment_ids = papers[0].attachment_ids
        papers[1].attachment_ids = self._file(papers[1], content=b"another picture")
        self.assertEqual(papers[1].state, "there")

    def test_a_file_kept_with_the_car_is_one_paper_too(self):
        papers = self._fill()
        self._file(self.line.dealer_vehicle_id, self._type("conformity"), content=b"certificate")
        contract = papers.filtered(lambda p: p.document_type_id == self._type("contract"))
        with self.assertRaisesRegex(ValidationError, "is there already"):
            contract.attachment_ids = self._file(contract, content=b"certificate")

    def test_two_deals_may_have_the_same_file(self):
        """The same form may be printed for two customers who bought the same."""
        self._fill()[0].attachment_ids = self._file(self._fill()[0], content=b"one picture")
        other = self._as(self.sara, self._deal())
        other.action_fill_jacket()
        paper = other.dealer_paper_ids[0]
        paper.attachment_ids = self._file(paper, content=b"one picture")
        self.assertEqual(paper.state, "there")

    def test_a_paper_kept_with_the_car_counts(self):
        papers = self._fill()
        conformity = papers.filtered(
            lambda paper: paper.document_type_id == self._type("conformity")
        )
        self._bring(papers - conformity)
        self._file(self.line.dealer_vehicle_id, self._type("conformity"))
        self.assertEqual(conformity.state, "there")
        self.assertFalse(self._blockers(self.order, "papers"))

    def test_papers_are_asked_for_even_if_nobody_filled_the_jacket(self):
        self.assertTrue(self._blockers(self.order, "papers"))

    def test_a_manager_does_without_a_paper_for_a_reason(self):
        papers = self._fill()
        self._bring(papers - papers[0])
        paper = papers[0]
        with self.assertRaisesRegex(AccessError, "Only a manager"):
            paper.action_waive()
        with self.assertRaisesRegex(UserError, "Write why"):
            self._as(self.max, paper).action_waive()
        paper.waiver_reason = "Signed on paper, in the safe"
        self._as(self.max, paper).action_waive()
        self.assertRecordValues(paper, [{"state": "waived", "waived_by_id": self.max.id}])
        self.assertFalse(self._blockers(self.order, "papers"))

    def test_nobody_waives_by_writing(self):
        with self.assertRaisesRegex(UserError, "by hand"):
            self._fill()[0].write({"is_waived": True})

    def test_rules_of_another_company_do_not_count(self):
        self.env["dealer.jacket.rule"].create(
            {"document_type_id": self._type("other").id, "company_id": self.other_company.id}
        )
        self.assertNotIn(self._type("other"), self._fill().document_type_id)

    def test_papers_are_private_to_the_deal(self):
        papers = self._fill()
        sam = self._create_person("sam", "sales_consultant")
        for stranger in (sam, self.ken, self.charlie):
            with self.assertRaises(AccessError):
                self._as(stranger, papers).read(["attachment_ids"])

    def test_planning_the_delivery_asks_for_the_papers(self):
        self._prepare_delivery(self.order)
        self.assertEqual(len(self.order.dealer_paper_ids), 4)
