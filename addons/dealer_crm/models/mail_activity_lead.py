from odoo import models

from .crm_lead_follow_up import FOLLOW_UP


class MailActivity(models.Model):
    """A planned call that is marked as done is a contact, and plans the next one."""

    _inherit = "mail.activity"  # pylint: disable=consider-merging-classes-inherited

    def _action_done(self, feedback=False, attachment_ids=None):
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(FOLLOW_UP)
        done = self.filtered(
            lambda act: act.res_model == "crm.lead" and act.activity_type_id.id == type_id
        )
        leads = self.env["crm.lead"].browse(done.mapped("res_id")).exists()
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if leads:
            leads._dealer_register_contact("call", note=feedback or None)
        return res
