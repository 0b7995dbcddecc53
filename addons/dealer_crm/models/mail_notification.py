from odoo import models

from .dealer_masked_mixin import EMAIL, PHONE


class MailNotification(models.Model):
    """What was sent to which number and address."""

    _inherit = "mail.notification"

    _dealer_masked_links = {
        "sms_number": (PHONE, "res_partner_id"),
        "mail_email_address": (EMAIL, "res_partner_id"),
    }
