from odoo import fields, models


class ResCompany(models.Model):
    """What must be done before a car may leave: decisions of each company."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_gate_pdi = fields.Boolean(
        "Delivery needs the inspection",
        default=True,
        help="A new car leaves only after its pre-delivery inspection (PDI) has been passed.",
    )
    dealer_gate_handover = fields.Boolean(
        "Delivery needs the signed hand-over list",
        default=True,
        help="A car leaves the stock only when the customer has signed its hand-over list, with the"
        " five steps that the law asks for.",
    )
