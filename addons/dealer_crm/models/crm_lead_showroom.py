import datetime

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

#: What became of inquiries of people who have a card.
CARDED = ("valid", "on_file")


class CrmLead(models.Model):
    """What a lead did in the showroom."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_visit_ids = fields.One2many("dealer.visit", "lead_id", string="Visits")
    dealer_visit_count = fields.Integer(compute="_compute_dealer_visit_count")
    dealer_test_drive_ids = fields.One2many("dealer.test.drive", "lead_id", string="Test Drives")
    dealer_test_drive_count = fields.Integer(compute="_compute_dealer_test_drive_count")

    dealer_card_result = fields.Selection(
        [
            ("pending", "To work on"),
            ("valid", "Card made"),
            ("no_intent", "No intention"),
            ("on_file", "On file already"),
        ],
        string="Card",
        compute="_compute_dealer_card_result",
        store=True,
        readonly=False,
        copy=False,
        index=True,
        help="What became of an inquiry: an opportunity is a card, one from the web or a medium"
        " once somebody has spoken to the person and graded the wish, or the person came. A lead"
        " that was closed had no intention; who had a card before is on file already.",
    )
    dealer_carded_on = fields.Datetime(
        "Card Made On", compute="_compute_dealer_carded_on", store=True, index="btree_not_null"
    )

    @api.depends(
        "type",
        "active",
        "dealer_channel_id",
        "dealer_last_contact_date",
        "dealer_level_id",
        "dealer_visit_ids",
    )
    def _compute_dealer_card_result(self):
        """What the web or a medium brings is a card once somebody has made one of it.

        Sheets of dealer systems count such leads as pending until the invitation desk has spoken
        to the person and graded the wish, or the person came; else rates count every form that
        somebody filled in.
        """
        made = self.browse()
        for lead in self:
            is_outside = lead.dealer_channel_id.is_dcc
            is_reached = lead.dealer_last_contact_date or lead.dealer_visit_ids
            if lead.dealer_card_result in CARDED and (is_reached or not is_outside):
                lead.dealer_card_result = lead.dealer_card_result
            elif not lead.active:
                lead.dealer_card_result = "no_intent"
            elif lead.type != "opportunity" or (is_outside and not lead._dealer_has_card()):
                lead.dealer_card_result = "pending"
            else:
                lead.dealer_card_result = "valid"
                made |= lead if is_outside else made
        for lead in made & made._dealer_filter_on_file():
            lead.dealer_card_result = "on_file"

    def _dealer_has_card(self):
        """Whether a lead from outside was worked on: graded in a talk, or the person came."""
        self.ensure_one()
        is_graded = self.dealer_level_id.kind != "new"
        return bool(self.dealer_visit_ids or (self.dealer_last_contact_date and is_graded))

    def _dealer_filter_on_file(self):
        """The leads of people who had a card before, by the telephone."""
        keys = list(filter(None, self.mapped("dealer_phone_key")))
        # sudo: cards of colleagues count
        known = self.sudo()._read_group(
            Domain("dealer_phone_key", "in", keys)
            & Domain("dealer_card_result", "in", CARDED)
            & Domain("active", "in", (True, False)),
            ["dealer_phone_key"],
            ["id:min"],
        )
        first = dict(known)
        return self.filtered(
            lambda lead: first.get(lead.dealer_phone_key, lead._origin.id) < lead._origin.id
        )

    @api.depends("dealer_card_result")
    def _compute_dealer_carded_on(self):
        """The day of the card stays, whatever becomes of the customer."""
        for lead in self:
            made = lead.date_conversion or lead.create_date or fields.Datetime.now()
            is_card = lead.dealer_card_result == "valid"
            lead.dealer_carded_on = is_card and (lead.dealer_carded_on or made)

    def _compute_dealer_visit_count(self):
        counts = dict(
            self.env["dealer.visit"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.dealer_visit_count = counts.get(lead, 0)

    def _compute_dealer_test_drive_count(self):
        # sudo: how many of leads that may be read; the calendar is everybody's
        Drive = self.env["dealer.test.drive"].sudo()
        counts = dict(Drive._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"]))
        for lead in self:
            lead.dealer_test_drive_count = counts.get(lead, 0)

    def action_dealer_view_test_drives(self):
        """The test drives of this customer; from there the next one is booked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_crm.dealer_test_drive_action"
        )
        return dict(
            action,
            views=[(False, "list"), (False, "calendar"), (False, "form")],
            domain=[("lead_id", "=", self.id)],
            context={"default_lead_id": self.id, "default_partner_id": self.partner_id.id},
        )

    def action_dealer_view_visits(self):
        """The visits of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("dealer_crm.dealer_visit_action")
        return dict(
            action,
            domain=[("lead_id", "=", self.id)],
            context={"default_lead_id": self.id, "default_kind": "repeat"},
        )

    # === KEY FIGURES ===
    @api.model
    def _dealer_kpi_cards(self, scope):
        """Cards of the period and cards carried in: open at its beginning or made in it."""
        start, end = self._dealer_kpi_bounds(scope)
        domain = (
            Domain("dealer_card_result", "=", "valid")
            & Domain("active", "in", (True, False))
            & Domain("dealer_carded_on", "<", end)
            & (Domain("date_closed", "=", False) | Domain("date_closed", ">=", start))
        )
        if scope.store_id:
            domain &= Domain("dealer_store_id", "=", scope.store_id)
        if scope.person_id:
            domain &= Domain("user_id", "=", scope.person_id)
        return self.search_count(domain), domain

    @api.model
    def _dealer_kpi_bounds(self, scope):
        """Beginning and end of a period in UTC; days are those of the reader."""
        zone = pytz.timezone(str(self.env.tz))
        return [
            fields.Datetime.to_string(
                zone.localize(datetime.datetime.combine(day, datetime.time.min))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
            )
            for day in (scope.date_from, scope.date_to + datetime.timedelta(days=1))
        ]
