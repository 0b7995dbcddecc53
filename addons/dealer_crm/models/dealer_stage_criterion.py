from odoo import fields, models


class DealerStageCriterion(models.Model):
    """One thing that must be there before a lead leaves a stage.

    The check of code ``x`` is the method ``_dealer_meets_x`` of ``crm.lead``, so that another
    addon may bring its own.
    """

    _name = "dealer.stage.criterion"
    _description = "Exit Criterion of a Stage"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)

    _code_uniq = models.UniqueIndex("(code)", "There is a criterion with this code already.")
