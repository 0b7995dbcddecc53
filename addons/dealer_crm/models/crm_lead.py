from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.phone import phone_key

#: What follows a lead into the one that it is merged with.
MERGED_LINES = (
    "dealer_competitor_ids",
    "dealer_consent_ids",
    "dealer_contact_ids",
    "dealer_event_ids",
    "dealer_level_log_ids",
    "dealer_tender_ids",
    "dealer_test_drive_ids",
    "dealer_touch_ids",
    "dealer_visit_ids",
    "dealer_wish_ids",
)


class CrmLead(models.Model):
    """An inquiry belongs to one person, whatever channel it came by."""

    _inherit = "crm.lead"

    _dealer_customer_field = "partner_id"
    # a lead shows the number of its person: who may only look into a file makes none
    _dealer_customer_access = "write"

    dealer_phone_key = fields.Char(
        "Telephone Key",
        compute="_compute_dealer_phone_key",
        store=True,
        index="btree_not_null",
        help="The number as digits with the country code, by which one person is found again.",
    )
    dealer_channel_id = fields.Many2one(
        "dealer.channel",
        "Channel",
        index="btree_not_null",
        ondelete="restrict",
        help="How the inquiry reached us first.",
    )
    dealer_last_channel_id = fields.Many2one(
        "dealer.channel",
        "Last Channel",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="How the person asked last.",
    )
    dealer_first_touch = fields.Datetime("First Inquiry", readonly=True, copy=False)
    dealer_last_touch = fields.Datetime("Last Inquiry", readonly=True, copy=False)
    dealer_touch_ids = fields.One2many("dealer.lead.touch", "lead_id", "Inquiries")

    # A manager's pipeline counts all open leads by stage: from here, not from their wide rows
    _dealer_pipeline = models.Index(
        "(stage_id, company_id, id) INCLUDE (expected_revenue, dealer_next_contact_date)"
        " WHERE active IS TRUE AND type = 'opportunity'"
    )

    @api.depends("phone", "country_id")
    def _compute_dealer_phone_key(self):
        for lead in self:
            lead.dealer_phone_key = phone_key(lead.phone, lead.country_id.code) or False

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        """An inquiry goes to the file of its person, and to who looks after the person."""
        self.env["res.partner"]._dealer_check_customers(vals_list, "partner_id", "write")
        self._dealer_check_protected(vals_list)
        if not self.env.su:
            self._dealer_check_not_open(vals_list)
        leads = super().create(vals_list)
        if not self.env.context.get("dealer_lead_import"):
            leads._dealer_link_person()
            leads._dealer_add_first_touch()
        for lead in leads.filtered("partner_id"):
            lead.partner_id._dealer_become_customer(lead.user_id)
        leads.partner_id._dealer_protect()
        return leads

    def _dealer_check_protected(self, vals_list):
        """A consultant may not open a lead for a person whom a colleague looks after.

        :raise UserError: says who does and until when, nothing of the person
        """
        Partner = self.env["res.partner"]
        if not Partner._dealer_is_own_only():
            return
        keys = {phone_key(vals["phone"]) for vals in vals_list if vals.get("phone")} - {""}
        people = Partner._dealer_find_people(keys) if keys else {}
        for person in people.values():
            known = person.sudo()  # sudo: the owner's name only
            if known.user_id and not person.has_access("read"):
                raise UserError(
                    self.env._(
                        "%(owner)s looks after a customer with this telephone number already. Ask "
                        "for the customer to be shared with you, or tell your manager.",
                        owner=known.user_id.name,
                    )
                )

    @api.model
    def _dealer_find_open(self, keys, company):
        """The oldest open lead of each telephone key, whoever has it.

        :param keys: telephone keys (see ``phone_key``)
        :return: dict key → lead, as superuser
        """
        # sudo: leads of all colleagues count
        leads = self.sudo().search_fetch(
            Domain("dealer_phone_key", "in", list(keys))
            & Domain("won_status", "=", "pending")
            & Domain("company_id", "in", [company.id, False]),
            ["dealer_phone_key"],
            order="id",
        )
        found = {}
        for lead in leads:
            found.setdefault(lead.dealer_phone_key, lead)
        return found

    def _dealer_check_not_open(self, vals_list, known=None):
        """Who types a lead of a person that has an open one is led to that one.

        :param known: leads of which the number is corrected
        :raise UserError: names the lead when the user may read it, else who has it
        """
        country = self.env.company.country_id.code
        keys = {phone_key(vals["phone"], country) for vals in vals_list if vals.get("phone")}
        keys -= {""}
        for lead in self._dealer_find_open(keys, self.env.company).values() if keys else ():
            if lead in (known or ()):
                continue
            if lead.sudo(False).has_access("read"):
                raise UserError(
                    self.env._(
                        "This telephone number has an open lead already: %(lead)s. Note the new"
                        " inquiry there as a contact.",
                        lead=lead.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "%(owner)s follows an open lead with this telephone number already. Ask for"
                    " the customer to be shared with you, or tell your manager.",
                    owner=lead.user_id.name or lead.team_id.user_id.name or lead.company_id.name,
                )
            )

    def _dealer_add_touch(self, text=None, channel=None, **vals):
        """Note one more inquiry of the person of this lead, and tell who follows it.

        :param text: what the person asked
        :param channel: how the inquiry came
        """
        self.ensure_one()
        lead = self.sudo()  # sudo: facts that nobody writes by hand
        now = fields.Datetime.now()
        lead.dealer_touch_ids = [
            Command.create(
                {"date": now, "channel_id": channel and channel.id, "text": text, **vals}
            )
        ]
        lead.dealer_last_touch = now
        if channel:
            lead.dealer_last_channel_id = channel
        told = lead.user_id._dealer_tell(lead) if lead.user_id else lead
        told.message_post(
            body="\n".join(
                filter(
                    None, (told.env._("The customer asked again."), channel and channel.name, text)
                )
            ),
            partner_ids=lead.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _dealer_link_person(self):
        """Link leads to the files of people who are known by their telephone.

        While the protection lasts a lead without salesperson goes to who looks after the person.
        """
        new = self.filtered(lambda lead: lead.dealer_phone_key and not lead.partner_id)
        people = self.env["res.partner"]._dealer_find_people(set(new.mapped("dealer_phone_key")))
        now = fields.Datetime.now()
        for lead in new:
            person = people.get(lead.dealer_phone_key)
            if not person:
                continue
            known = person.sudo()  # sudo: found whoever looks after the person
            vals = {"partner_id": known.id}
            is_protected = known.dealer_protected_until and known.dealer_protected_until >= now
            if not lead.user_id and is_protected and known.user_id:
                vals["user_id"] = known.user_id.id
            # sudo: his colleague may look after the person: his rules would refuse the link
            lead.sudo().write(vals)

    def _dealer_add_first_touch(self):
        """Remember how the person came: channel of the lead, else of its source or medium."""
        channels = {}
        if any((lead.source_id or lead.medium_id) and not lead.dealer_channel_id for lead in self):
            for channel in self.env["dealer.channel"].search(
                Domain("source_id", "!=", False) | Domain("medium_id", "!=", False)
            ):
                channels.setdefault(channel.source_id or channel.medium_id, channel)
        vals_list = []
        for lead in self.sudo():  # sudo: facts that nobody writes by hand
            tracked = channels.get(lead.source_id) or channels.get(lead.medium_id)
            channel = lead.dealer_channel_id or tracked
            date = lead.dealer_first_touch or fields.Datetime.now()
            vals_list.append(
                {
                    "lead_id": lead.id,
                    "date": date,
                    "channel_id": channel and channel.id,
                    "campaign_id": lead.campaign_id.id,
                }
            )
            vals = {"dealer_first_touch": date, "dealer_last_touch": date}
            if channel:
                vals["dealer_channel_id"] = vals["dealer_last_channel_id"] = channel.id
            lead.write(vals)
        # sudo: facts that nobody writes by hand
        self.env["dealer.lead.touch"].sudo().create(vals_list)

    # === MERGE ===

    def _merge_opportunity(self, *args, **kwargs):
        """OVERRIDE crm: the leads of one person become one; another person would be forgotten.

        Managers, who agree to defeats, know when one person has two numbers.

        :raise UserError: they are of different people
        """
        people = {lead.dealer_phone_key or lead.partner_id or lead for lead in self}
        is_own_only = self.env["res.partner"]._dealer_is_own_only()
        if is_own_only and len(people) > 1:
            raise UserError(
                self.env._(
                    "These leads are of different people (%(names)s). Merge leads of one person"
                    " only; give a lead up with “Defeat”.",
                    names=", ".join(lead.contact_name or lead.name for lead in self),
                )
            )
        return super()._merge_opportunity(*args, **kwargs)

    def _merge_get_fields_specific(self):
        """OVERRIDE crm: the first inquiry of all stays the first, with its channel."""
        return super()._merge_get_fields_specific() | {
            "dealer_channel_id": lambda name, leads: (
                min(leads, key=lambda lead: lead.dealer_first_touch or lead.create_date)[name].id
            ),
            "dealer_last_channel_id": lambda name, leads: (
                max(leads, key=lambda lead: lead.dealer_last_touch or lead.create_date)[name].id
            ),
            "dealer_level_id": lambda _name, leads: leads._dealer_get_hottest_level().id,
        }

    def _dealer_get_hottest_level(self):
        """The level of these leads that asks for most care."""
        hottest = self[:1].dealer_level_id
        for level in self.dealer_level_id:
            if hottest._is_lower_than(level):
                hottest = level
        return hottest

    def _merge_dependences(self, opportunities):
        """OVERRIDE crm: what happened with the other leads is kept with the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: facts that nobody changes by hand; whoever may merge leads need not read them all
        head, others = self.sudo(), opportunities.sudo()
        leads = head | others
        first = filter(None, leads.mapped("dealer_first_touch"))
        last = filter(None, leads.mapped("dealer_last_touch"))
        head.write(
            {
                "dealer_first_touch": min(first, default=False),
                "dealer_last_touch": max(last, default=False),
            }
        )
        for name in MERGED_LINES:
            others[name].lead_id = self
        # what waits for review is about a lead that is going on
        others.dealer_defeat_ids.filtered(lambda defeat: defeat.state != "applied").lead_id = self
        taken = {(party.partner_id, party.role) for party in head.dealer_party_ids}
        for party in others.dealer_party_ids:
            if (party.partner_id, party.role) not in taken:
                taken.add((party.partner_id, party.role))
                party.lead_id = self
        return result

    def write(self, vals):
        self.env["res.partner"]._dealer_check_customers([vals], "partner_id", "write")
        if vals.get("phone") and self.env["res.partner"]._dealer_is_own_only():
            self._dealer_check_not_open([vals], known=self)
        result = super().write(vals)
        if vals.get("partner_id") or vals.get("user_id"):
            for lead in self.filtered("partner_id"):
                lead.partner_id._dealer_become_customer(lead.user_id)
        return result
