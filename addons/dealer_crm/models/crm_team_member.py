from odoo import fields, models


class CrmTeamMember(models.Model):
    """When a salesperson is on duty for new leads."""

    _inherit = "crm.team.member"  # pylint: disable=consider-merging-classes-inherited

    dealer_shift_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Shift",
        ondelete="restrict",
        help="New leads come only within these hours. Empty: while the shop is open.",
    )
