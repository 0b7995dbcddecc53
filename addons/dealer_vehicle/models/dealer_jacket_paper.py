from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin


class DealerJacketPaper(models.Model):
    """A paper of a deal: there or missing, and given to the customer or kept."""

    _name = "dealer.jacket.paper"
    _description = "Deal Jacket Paper"
    _inherit = [DealerFactMixin._name, DealerDerivedMixin._name]
    _order = "order_id, sequence, id"
    _rec_name = "document_type_id"

    _fixed_fields = frozenset({"order_id", "document_type_id"})
    _fact_fields = frozenset({"is_waived", "waived_by_id"})

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    document_type_id = fields.Many2one(
        "dealer.document.type", string="Paper", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="document_type_id.sequence", store=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False)
    is_waived = fields.Boolean("Waived", readonly=True, copy=False)
    waiver_reason = fields.Char("Why Not Needed", copy=False)
    waived_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_given = fields.Boolean("Given to Customer", copy=False)
    state = fields.Selection(
        [("missing", "Missing"), ("there", "There"), ("waived", "Not needed")],
        compute="_compute_state",
        compute_sudo=True,  # files of the car may be hidden from who looks at the deal
    )

    _one_per_type = models.UniqueIndex(
        "(order_id, document_type_id)", "This paper is in the jacket of the deal already."
    )

    @api.constrains("attachment_ids")
    def _check_file_is_of_one_paper(self):
        """One file is one paper: else a single picture would make the jacket complete.

        The same content under another name is the same file.
        """
        # sudo: files of a paper that somebody else keeps count, too
        for paper in self.sudo().filtered("attachment_ids"):
            sums = set(paper.attachment_ids.mapped("checksum"))
            others = paper.order_id.dealer_paper_ids - paper
            used = others.filtered(lambda p, s=sums: s & set(p.attachment_ids.mapped("checksum")))
            kept = paper.order_id.order_line.dealer_vehicle_id.document_ids.filtered(
                lambda file, paper=paper, sums=sums: (
                    file.checksum in sums
                    and file.dealer_document_type_id
                    and file.dealer_document_type_id != paper.document_type_id
                )
            )
            other = used.document_type_id[:1] or kept.dealer_document_type_id[:1]
            if other:
                raise ValidationError(
                    self.env._(
                        "This file is there already as “%(other)s” and cannot be “%(paper)s”, too."
                        " Scan each paper by itself.",
                        other=other.name,
                        paper=paper.document_type_id.name,
                    )
                )

    @api.depends("attachment_ids", "is_waived", "document_type_id")
    def _compute_state(self):
        for paper in self:
            if paper.is_waived:
                paper.state = "waived"
            else:
                found = paper.attachment_ids or paper._find_on_cars() or paper._find_contract()
                paper.state = "there" if found else "missing"

    def _find_contract(self):
        """The signed contract of the deal as it is now, which nobody has to scan once more."""
        self.ensure_one()
        contract = self.env.ref("dealer_vehicle.dealer_document_type_contract", False)
        if self.document_type_id != contract:
            return self.env["dealer.contract.document"]
        return self.order_id.dealer_contract_ids.filtered("is_current")

    def _find_on_cars(self):
        """Files of that kind which were kept with a car of the deal."""
        self.ensure_one()
        return self.order_id.order_line.dealer_vehicle_id.document_ids.filtered(
            lambda file: file.dealer_document_type_id == self.document_type_id
        )

    # === AFTER THE HAND-OVER ===
    def write(self, vals):
        """Files may still be added to the papers of a delivered deal, never taken off."""
        if "attachment_ids" not in vals or self.env.su:
            return super().write(vals)
        before = {paper: paper.sudo().attachment_ids for paper in self}  # sudo: others' files, too
        result = super().write(vals)
        for paper, files in before.items():
            if files - paper.sudo().attachment_ids:  # sudo: as above
                paper._check_not_delivered()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_not_delivered(self):
        self._check_not_delivered()

    def _check_not_delivered(self):
        """Refuse to take papers out of the jacket of a deal whose car has been handed over."""
        for paper in self:
            # sudo: who keeps the papers need not read the lines of the deal
            if any(line._dealer_was_delivered() for line in paper.sudo().order_id.order_line):
                raise UserError(
                    self.env._(
                        "The car of %(order)s has been handed over: its paper “%(paper)s” stays in"
                        " the jacket. Further files may be added.",
                        order=paper.order_id.name,
                        paper=paper.document_type_id.name,
                    )
                )

    def action_waive(self):
        """Do without a paper, for a reason (managers only)."""
        self.check_access("write")
        user = self.env.user
        if not (
            user.has_group("dealer_base.group_sales_manager")
            or user.has_group("dealer_base.group_usedcar_manager")
        ):
            raise AccessError(self.env._("Only a manager may do without a paper."))
        for paper in self:
            if not paper.waiver_reason:
                raise UserError(
                    self.env._(
                        "Write why the paper “%(paper)s” is not needed.",
                        paper=paper.document_type_id.name,
                    )
                )
        # sudo: who waived it is written here only
        self.sudo().write({"is_waived": True, "waived_by_id": user.id})
