from odoo import api, fields, models

from ..tools.lunar import solar_to_lunar


class ResPartner(models.Model):
    """When a customer is congratulated, and what is planned for them."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    dealer_birthday_is_lunar = fields.Boolean(
        "Celebrates by the Lunar Calendar",
        help="The birthday is kept on its day of the lunar calendar (农历), which falls on another"
        " solar day each year.",
    )
    dealer_birthday_key = fields.Char(
        compute="_compute_dealer_birthday_key",
        store=True,
        index="btree_not_null",
        help="Month and day of the birthday; an L before them: of the lunar calendar.",
    )
    dealer_care_task_ids = fields.One2many("dealer.care.task", "partner_id", string="Care Tasks")
    dealer_care_count = fields.Integer("Open Care Tasks", compute="_compute_dealer_care_count")

    @api.depends("dealer_birthday", "dealer_birthday_is_lunar")
    def _compute_dealer_birthday_key(self):
        for partner in self:
            day = partner.dealer_birthday
            lunar = day and partner.dealer_birthday_is_lunar and solar_to_lunar(day)
            if lunar:
                partner.dealer_birthday_key = f"L{lunar[0]:02d}{lunar[1]:02d}"
            else:
                partner.dealer_birthday_key = day.strftime("%m%d") if day else False

    def _compute_dealer_care_count(self):
        counts = dict(
            self.env["dealer.care.task"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "todo")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.dealer_care_count = counts.get(partner, 0)

    def action_view_dealer_care(self):
        """Open the care tasks of this customer."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dealer_crm.dealer_care_task_action")
        action["domain"] = [("partner_id", "in", self.ids)]
        action["context"] = {}
        return action
