from odoo import fields, models


class DealerChecklistTemplate(models.Model):
    _inherit = "dealer.checklist.template"

    dealer_is_pdi = fields.Boolean(
        "Pre-delivery inspection",
        help="Checklists of this template are the inspection before delivery (PDI): a new car may "
        "leave only when its latest one is done and nothing is left not OK.",
    )
