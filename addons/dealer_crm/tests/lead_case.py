"""Leads of Golden Cars: Sara and Tom sell, Max manages them, Mona manages the store."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command

from .common import DealerCrmCommon

#: Monday 10:00 in Shanghai; the shop is open from 9:00 to 18:00
MONDAY = datetime(2026, 11, 2, 2, 0)


class LeadCase(DealerCrmCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mona = cls._create_person("mona", "general_manager")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Showroom",
                "company_id": cls.company.id,
                "user_id": cls.max.id,
                "member_ids": [Command.set((cls.sara | cls.tom).ids)],
            }
        )
        for code in "OHABCNDF":
            level = cls.env.ref(f"dealer_crm.dealer_intention_level_{code.lower()}")
            setattr(cls, f"level_{code.lower()}", level)
        cls.Lead = cls.env["crm.lead"].with_context(allowed_company_ids=cls.company.ids)

    def at(self, hours=0, days=0):
        """Freeze the clock some time after Monday morning."""
        return freeze_time(MONDAY + timedelta(days=days, hours=hours))

    def _lead(self, user=None, level=None, **vals):
        """A lead that somebody enters for himself, graded at once."""
        user = user or self.sara
        Lead = self._as(user, self.env["crm.lead"])
        cls = type(self)
        cls.phone_number = getattr(cls, "phone_number", 13800138000) + 1
        phone = str(cls.phone_number)
        vals = {"name": "Li Ming", "contact_name": "Li Ming", "phone": phone, **vals}
        lead = Lead.create({"type": "opportunity", "user_id": user.id, **vals})
        if level:
            lead.dealer_level_id = level
        return lead

    def _contact(self, lead, user=None, **vals):
        Contact = self._as(user or self.sara, self.env["dealer.lead.contact"])
        return Contact.create({"lead_id": lead.id, **vals})

    def _cron(self):
        self.env["crm.lead"]._cron_dealer_follow_up()
        self.env.flush_all()
        self.env.invalidate_all()

    def _activities(self, lead, xmlid):
        type_id = self.env.ref(f"dealer_crm.mail_activity_type_{xmlid}").id
        return lead.sudo().activity_ids.filtered(lambda act: act.activity_type_id.id == type_id)

    def _events(self, lead):
        return lead.sudo().dealer_event_ids.sorted("id").mapped("kind")
