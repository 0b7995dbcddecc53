from odoo import fields, models


class DealerContractTemplate(models.Model):
    """Text of a sales contract: clauses that a company prints and its customers sign."""

    _name = "dealer.contract.template"
    _description = "Contract Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: all companies, except those that have a template of their own.",
    )
    title = fields.Char(
        required=True, translate=True, help="Printed on top of the contract.", default="Contract"
    )
    clause_ids = fields.One2many("dealer.contract.clause", "template_id", copy=True)

    def copy_data(self, default=None):
        """A copy is the template of the current company, ready to be changed."""
        vals_list = super().copy_data(default)
        for template, vals in zip(self, vals_list, strict=True):
            if "company_id" not in (default or {}):
                vals["company_id"] = self.env.company.id
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", template.name)
        return vals_list

    def _get_clauses(self, order):
        """Clauses that go into the contract of an order."""
        self.ensure_one()
        facts = order._dealer_get_contract_facts()
        return self.clause_ids.filtered(lambda clause: clause.applies in facts)
