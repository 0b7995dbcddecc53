from odoo import fields, models


class DealerComplaintGrade(models.Model):
    """How serious a complaint is: how fast it is answered and closed, and who is told."""

    _name = "dealer.complaint.grade"
    _description = "Complaint Grade"
    _order = "level"

    level = fields.Integer(required=True, aggregator=None)
    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True)
    answer_hours = fields.Float(
        "Answer Within (Hours)", required=True, default=2, help="Working hours of the team."
    )
    sla_id = fields.Many2one(
        "helpdesk.sla",
        string="Close Within",
        ondelete="restrict",
        help="Service level by which the complaint must be closed; it rests while we wait for the"
        " customer.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Told at Once",
        ondelete="restrict",
        help="Role whose people get an activity as soon as the complaint is opened.",
    )
    is_reported = fields.Boolean(
        string="Report to the Maker", help="The same day, by whoever is told at once."
    )

    _level_uniq = models.UniqueIndex("(level)", "There is a grade with this level already.")
    _hours_positive = models.Constraint(
        "CHECK (answer_hours > 0)", "The hours to answer must be more than zero."
    )
