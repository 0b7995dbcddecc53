import base64
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.dealer_base.tools.identifiers import rmb_capital


class SaleOrder(models.Model):
    """The contract of a deal: number, text, print and signed copies."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_contract_template_id = fields.Many2one(
        "dealer.contract.template",
        string="Contract Template",
        compute="_compute_dealer_contract_template_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    dealer_contract_number = fields.Char(
        string="Contract Number",
        readonly=True,
        copy=False,
        index="trigram",
        help="Given at confirmation, by store and year, without gaps.",
    )
    dealer_contract_ids = fields.One2many(
        "dealer.contract.document", "order_id", string="Signed Contracts"
    )
    dealer_contract_count = fields.Integer(
        string="Number of Signed Contracts", compute="_compute_dealer_contract_count"
    )

    @api.depends("company_id")
    def _compute_dealer_contract_template_id(self):
        """The company's own template goes before the shared one."""
        # sudo: portal customers print contracts, too
        templates = (
            self.env["dealer.contract.template"]
            .sudo()
            .search_fetch([("company_id", "in", [False, *self.company_id.ids])], ["company_id"])
        )
        for order in self:
            mine = templates.filtered_domain([("company_id", "=", order.company_id.id)])
            shared = templates.filtered_domain([("company_id", "=", False)])
            order.dealer_contract_template_id = (mine or shared)[:1].id

    @api.depends("dealer_contract_ids")
    def _compute_dealer_contract_count(self):
        for order in self:
            order.dealer_contract_count = len(order.dealer_contract_ids)

    # === NUMBER ===
    def _action_confirm(self):
        """A confirmed deal is a contract, and a contract has a number."""
        result = super()._action_confirm()
        for order in self:
            if not order.dealer_contract_number and order.warehouse_id and order.dealer_vehicle_ids:
                # sudo: numbers are nobody's to write
                order.sudo().dealer_contract_number = order.warehouse_id._dealer_next_number(
                    "contract"
                )
        return result

    def write(self, vals):
        if "dealer_contract_number" in vals and not self.env.su:
            raise AccessError(self.env._("Contracts are numbered by their store."))
        return super().write(vals)

    # === TEXT ===
    def _dealer_get_contract_facts(self):
        """What the deal consists of, for the choice of clauses.

        :return: set of values of ``dealer.contract.clause.applies``
        """
        self.ensure_one()
        facts = {"always"}
        facts |= set(
            self.dealer_deposit_ids.filtered(lambda deposit: deposit.state != "cancel").mapped(
                "kind"
            )
        )
        planned = set(self.dealer_collection_ids.mapped("kind"))
        facts |= planned
        if "deposit" in planned:  # what a contract calls 定金 has its clause (Art. 496, 586)
            facts.add("earnest")
        facts.add("plan" if self.dealer_collection_ids else "no_plan")
        kinds = set(self.order_line.dealer_vehicle_id.mapped("kind"))
        facts |= {"used"} if "used" in kinds else {"new"}
        return facts

    def _dealer_get_contract_clauses(self):
        """Clauses of the contract, numbered as they are printed."""
        self.ensure_one()
        # sudo: portal customers read the contract that they sign
        template = self.sudo().dealer_contract_template_id
        return template._get_clauses(self.sudo()) if template else template.clause_ids

    def _dealer_get_buyer_number(self):
        """Hook: what identifies the buyer on the contract, a credit code or number of an ID."""
        self.ensure_one()
        return self.partner_id.vat

    def _dealer_get_capital(self, amount):
        """An amount in RMB capitals, with the prefix that the rules ask for."""
        return f"人民币{rmb_capital(Decimal(str(round(amount, 2))))}"

    def _dealer_get_earnest_total(self):
        """Earnest money of the deal: what is agreed on, or what was received when it is more."""
        self.ensure_one()
        order = self.sudo()  # sudo: the contract prints alike for everybody
        received = order.dealer_deposit_ids.filtered(
            lambda deposit: deposit.kind == "earnest" and deposit.state != "cancel"
        )
        planned = order.dealer_collection_ids.filtered(lambda line: line.kind == "deposit")
        return max(sum(received.mapped("amount")), sum(planned.mapped("amount")))

    def _dealer_shows_signature(self):
        """Whether the customer's signature stands under the contract as it is printed now.

        Not when the deal has changed since: he has not signed that.
        """
        self.ensure_one()
        kept = self.sudo().dealer_contract_ids  # sudo: the contract prints alike for everybody
        if not self.signature or not kept or any(kept.mapped("is_current")):
            return bool(self.signature)
        return bool(self.signed_on and self.signed_on > max(kept.mapped("signed_on")))

    # === SIGNED COPIES ===
    def _dealer_keep_signed_contract(self):
        """Print what the customer has just signed online and keep it with its fingerprint."""
        self.ensure_one()
        # sudo: the customer who signs may write nothing here
        order = self.sudo()
        content = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf("dealer_vehicle.action_report_contract", [order.id])[0]
        )
        document = order.env["dealer.contract.document"].create(
            {
                "order_id": order.id,
                "file": base64.b64encode(content),
                "filename": f"{order.dealer_contract_number or order.name}.pdf",
                "signed_by": order.signed_by,
                "signed_on": order.signed_on,
                "channel": "portal",
            }
        )
        order.message_post(
            body=self.env._("Signed contract kept, fingerprint %s", document.sha256),
            attachments=[(document.filename, content)],
        )
        return document

    def action_view_dealer_contracts(self):
        """Open the signed contracts of these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_contract_document_action"
        )
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {"default_order_id": self.id} if len(self) == 1 else {}
        return action
