import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

from ..tools.average import average_of_known
from ..tools.phone import phone_key

KINDS = [
    ("first", "First visit"),
    ("repeat", "Came again"),
    ("no_intent", "Other business"),
]
CARDS = [
    ("new", "Card made now"),
    ("known", "Had a card already"),
    ("none", "Left no data"),
]
#: The columns of a showroom's traffic sheet (客流登记表); every visit is in exactly one.
TRAFFIC = [
    ("first_carded", "First visit, card made"),
    ("first_known", "First visit, had a card"),
    ("first_uncarded", "First visit, left no data"),
    ("repeat", "Came again"),
    ("no_intent", "Other business"),
    ("incomplete", "To complete"),
]
FIRST_VISITS = {"new": "first_carded", "known": "first_known", "none": "first_uncarded"}


#: What the traffic sheet counts.
COUNTED_FIELDS = {"card", "has_phone", "kind", "lead_id", "party_size", "warehouse_id"}


class DealerVisit(models.Model):
    """One party that came into a showroom: one line of the traffic sheet (客流).

    The door logs when, how many and who received them; the consultant completes whether they left
    their data. A card counts only with its lead, so that the capture rate cannot be ticked up.
    """

    _name = "dealer.visit"
    _description = "Showroom Visit"
    _rec_names_search = ["partner_id", "lead_id"]
    _inherit = [
        DealerFactMixin._name,
        "dealer.derived.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "arrived_on desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    # the columns of the sheet follow from what was said: nobody writes the rates
    _fact_fields = frozenset(
        {"is_imported", "import_key", "has_phone", "traffic", "duration", "test_drive_done"}
    )
    #: What the door writes; who was late or forgot a party asks the manager.
    _door_fields = frozenset({"arrived_on", "left_on"})

    def _default_warehouse_id(self):
        return self.env.user._get_default_warehouse_id()

    # === AT THE DOOR ===
    arrived_on = fields.Datetime(
        "Arrival",
        required=True,
        default=fields.Datetime.now,
        copy=False,
        index=True,
        tracking=True,
    )
    left_on = fields.Datetime("Left", copy=False, tracking=True)
    duration = fields.Integer(
        "Minutes",
        compute="_compute_duration",
        store=True,
        aggregator="avg",
        help="How long they stayed. Empty until they have left.",
    )
    party_size = fields.Integer("Persons", default=1, required=True)
    kind = fields.Selection(KINDS, "Visit", index=True, tracking=True)
    is_invited = fields.Boolean(
        "Invited", help="They came because we had called, written or agreed on a time."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Received By",
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_warehouse_id(),
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    purpose = fields.Selection(
        [
            ("service", "Service or repair"),
            ("delivery", "Fetches a car or papers"),
            ("insurance", "Insurance or finance"),
            ("supplier", "Supplier or colleague"),
            ("passing", "Asks the way, waits, uses the rest room"),
            ("other", "Other"),
        ],
        string="Business",
        help="What they came for when it was not a car.",
    )

    # === COMPLETED BY THE CONSULTANT ===
    card = fields.Selection(
        CARDS,
        compute="_compute_card",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Whether those who came for the first time left their data.",
    )
    lead_id = fields.Many2one(
        "crm.lead", index="btree_not_null", ondelete="restrict", check_company=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    has_phone = fields.Boolean(
        "Phone Number Left",
        compute="_compute_has_phone",
        store=True,
        readonly=False,
        copy=False,
        precompute=True,
        help="Makers count a card only with its telephone number.",
    )
    series_id = fields.Many2one(
        "dealer.vehicle.series", string="Looked At", index="btree_not_null", ondelete="restrict"
    )
    source_id = fields.Many2one("utm.source", string="Heard of Us Through", ondelete="restrict")
    result = fields.Selection(
        [
            ("presented", "Car presented"),
            ("quoted", "Quotation made"),
            ("again", "Comes again"),
            ("ordered", "Ordered"),
            ("lost", "Not interested"),
        ],
        tracking=True,
    )
    note = fields.Text()
    traffic = fields.Selection(
        TRAFFIC,
        compute="_compute_traffic",
        store=True,
        precompute=True,
        index=True,
        help="Column of the traffic sheet: follows from the visit and the card.",
    )
    test_drive_ids = fields.One2many("dealer.test.drive", "visit_id", string="Test Drives")
    test_drive_count = fields.Integer(compute="_compute_test_drive_count")
    test_drive_done = fields.Boolean("Test Drive", compute="_compute_test_drive_done", store=True)

    # === IMPORT ===
    is_imported = fields.Boolean("From a File", readonly=True, copy=False)
    import_key = fields.Char(readonly=True, copy=False)

    _party_possible = models.Constraint(
        "CHECK (party_size BETWEEN 1 AND 99)", "Between 1 and 99 persons come together."
    )
    _left_after = models.Constraint(
        "CHECK (left_on IS NULL OR left_on >= arrived_on)", "Nobody leaves before arriving."
    )
    _card_of_first = models.Constraint(
        "CHECK (card IS NULL OR COALESCE(kind, '') = 'first')",
        "Only those who come for the first time are asked for a card.",
    )
    _card_has_lead = models.Constraint(
        "CHECK (card IS NULL OR card = 'none' OR lead_id IS NOT NULL OR is_imported IS TRUE)",
        "A card is a lead with name and number: press “Make a Card”.",
    )
    _import_once = models.UniqueIndex(
        "(warehouse_id, import_key) WHERE import_key IS NOT NULL",
        "This line of the traffic sheet has been imported already.",
    )

    # === COMPUTES ===
    @api.depends("arrived_on", "left_on")
    def _compute_duration(self):
        for visit in self:
            stay = visit.left_on and visit.left_on - visit.arrived_on
            visit.duration = stay and int(stay.total_seconds() // 60)

    @api.depends("kind", "lead_id")
    def _compute_card(self):
        for visit in self:
            if visit.kind != "first":
                visit.card = False
            elif visit.lead_id and visit.card in (False, "none"):
                # sudo: the lead may be a colleague's; when it was made is no secret
                made = visit.lead_id.sudo().create_date
                is_known = made and visit.arrived_on and made < visit.arrived_on
                visit.card = "known" if is_known else "new"
            else:
                visit.card = visit.card

    @api.depends("lead_id")
    def _compute_partner_id(self):
        for visit in self:
            # sudo: the lead may be a colleague's, the name of who came is known at the door
            visit.partner_id = visit.lead_id.sudo().partner_id or visit.partner_id

    # Not on the number itself: a number that is erased later was left on that day all the same.
    @api.depends("lead_id")
    def _compute_has_phone(self):
        for visit in self:
            # sudo: as above, only whether there is a number
            visit.has_phone = bool(visit.lead_id.sudo().phone) or visit.has_phone

    @api.depends("kind", "card")
    def _compute_traffic(self):
        for visit in self:
            if visit.kind == "first":
                visit.traffic = FIRST_VISITS.get(visit.card, "incomplete")
            else:
                visit.traffic = visit.kind or "incomplete"

    @api.depends("test_drive_ids.state")
    def _compute_test_drive_done(self):
        for visit in self:
            # sudo: that there was a drive, which the calendar shows to everybody
            visit.test_drive_done = "done" in visit.sudo().test_drive_ids.mapped("state")

    @api.depends("test_drive_ids")
    def _compute_test_drive_count(self):
        for visit in self:
            visit.test_drive_count = len(visit.test_drive_ids)

    @api.depends("arrived_on", "partner_id", "kind")
    @api.depends_context("tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for visit in self:
            moment = visit.arrived_on and fields.Datetime.context_timestamp(self, visit.arrived_on)
            # sudo: the name of a colleague's customer, and nothing else of him
            name = visit.sudo().partner_id.name or visit.sudo().lead_id.contact_name
            words = [moment and moment.strftime("%m-%d %H:%M"), name or kinds.get(visit.kind)]
            visit.display_name = " ".join(filter(None, words)) or self.env._("New visit")

    # === CRUD ===
    @api.model
    def default_get(self, fields):
        """OVERRIDE: a link brings no times of the door."""
        values = super().default_get(fields)
        if not self._may_correct():
            for name in self._door_fields.intersection(values):
                default = self._fields[name].default
                values[name] = default(self) if default else False
        return values

    @api.model
    def _may_correct(self):
        """Whether the user puts right when somebody came, and who received them."""
        return self.env.su or self.env.user.has_group("dealer_base.group_sales_manager")

    def _check_door(self, vals_list):
        """What the rates and the turns of the consultants are counted by is the door's to say.

        :raise UserError: a consultant writes a time, or gives a visit to somebody else
        """
        if self._may_correct():
            return
        if any(self._door_fields.intersection(vals) for vals in vals_list):
            raise UserError(
                self.env._(
                    "The door notes when somebody comes and leaves. A sales manager corrects it."
                )
            )
        for vals in vals_list:
            if "user_id" in vals and any(
                visit.user_id and visit.user_id.id != vals["user_id"] for visit in self
            ):
                raise UserError(
                    self.env._(
                        "This party was received by a colleague or by you already. A sales manager"
                        " gives it to somebody else."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_door(vals_list)
        self._check_leads(vals_list)
        self._check_people_usable(vals_list)
        visits = super().create(vals_list)
        visits._check_new_cards()
        visits._note_contact()
        return visits

    def _check_counted(self, vals):
        """What the capture rate is made of is not improved afterwards.

        :raise UserError: a consultant changes a visit of a day that is over, or puts it into
            another store
        """
        changed = self.filtered(
            lambda visit: any(
                visit._fields[name].convert_to_write(visit[name], visit) != vals[name]
                for name in COUNTED_FIELDS & vals.keys()
            )
        )
        if not changed or self._may_correct():
            return
        stores = self.env.user._dealer_get_store_ids()
        if vals.get("warehouse_id") and stores and vals["warehouse_id"] not in stores:
            raise UserError(self.env._("A sales manager moves a visit to another store."))
        today = fields.Datetime.now() - datetime.timedelta(hours=24)
        for visit in changed:
            # who left no data was a first visit, whatever business he is said to have had since
            is_renamed = visit.card == "none" and vals.get("kind", "first") != "first"
            if is_renamed or (visit.traffic != "incomplete" and visit.arrived_on < today):
                raise UserError(
                    self.env._("This visit has been counted: a sales manager corrects it.")
                )

    def _check_new_cards(self):
        """One lead is one new card, and made when the party was here.

        :raise UserError: a consultant counts a lead that was there before, or counts already
        """
        if self._may_correct():
            return
        if any(visit.card == "new" and visit._is_old_card() for visit in self):
            raise UserError(
                self.env._(
                    "This lead was there before the visit, or counts for another: it is no new"
                    " card."
                )
            )

    def _is_old_card(self):
        """Whether its lead cannot be the new card of this visit."""
        self.ensure_one()
        lead = self.lead_id.sudo()  # sudo: as in _compute_card
        others = self.sudo().search_count(
            Domain("lead_id", "=", lead.id)
            & Domain("card", "=", "new")
            & Domain("id", "!=", self._origin.id),
            limit=1,
        )
        return bool(lead) and (others or lead.create_date < self.arrived_on)

    @api.model
    def _check_leads(self, vals_list):
        """A lead is chosen by who may read it; the card finds that of a colleague by the number."""
        self.env["crm.lead"].browse(
            {vals["lead_id"] for vals in vals_list if vals.get("lead_id")}
        ).check_access("read")

    def write(self, vals):
        self._check_door([vals])
        self._check_counted(vals)
        self._check_leads([vals])
        self._check_people_usable([vals])
        before = {visit: visit.lead_id for visit in self} if vals.get("lead_id") else {}
        result = super().write(vals)
        if {"card", "kind", "lead_id"} & vals.keys():
            self._check_new_cards()
        self.filtered(
            lambda visit: visit in before and before[visit] != visit.lead_id
        )._note_contact()
        return result

    @api.model
    def _check_people_usable(self, vals_list):
        """No visit is noted in the file of somebody whose data are only stored."""
        if not self.env.su:
            # sudo: the person of a lead, whoever follows it
            leads = (
                self.env["crm.lead"]
                .sudo()
                .browse([vals["lead_id"] for vals in vals_list if vals.get("lead_id")])
            )
            ids = [vals.get("partner_id") for vals in vals_list]
            self.env["res.partner"]._dealer_check_usable(ids=[*ids, *leads.partner_id.ids])

    def _read_group_select(self, aggregate_spec, query):
        """OVERRIDE orm: who is still here has not stayed for 0 minutes."""
        if aggregate_spec == "duration:avg":
            return average_of_known(self, "duration", query)
        return super()._read_group_select(aggregate_spec, query)

    # === ACTIONS ===
    def action_left(self):
        """They have gone."""
        self.check_access("write")
        here = self.filtered(lambda visit: not visit.left_on)
        here.sudo().left_on = fields.Datetime.now()  # sudo: a time of the door, by its button

    def action_no_card(self):
        """They looked and left no data."""
        self.write({"kind": "first", "card": "none"})

    def action_make_card(self):
        """Ask for name and number."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make a Card"),
            "res_model": "dealer.visit.card",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    def action_book_test_drive(self):
        """Book a demo car for this customer, now unless another time is chosen."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test Drive"),
            "res_model": "dealer.test.drive",
            "view_mode": "form",
            "context": {
                "default_visit_id": self.id,
                "default_lead_id": self.lead_id.id,
                "default_partner_id": self.partner_id.id,
                "default_user_id": (self.user_id or self.env.user).id,
            },
        }

    def action_view_test_drives(self):
        """The test drives of this visit."""
        self.ensure_one()
        return self.test_drive_ids._get_records_action(name=self.env._("Test Drives"))

    def action_open_lead(self):
        """The customer's lead."""
        self.ensure_one()
        return self.lead_id._get_records_action(name=self.lead_id.display_name)

    # === CARD ===
    def _make_card(self, name, phone, **vals):
        """Connect the visit with the lead of who came; make the lead when there is none.

        :param vals: further values of a new lead
        :return: the lead, as superuser when it is a colleague's
        """
        self.ensure_one()
        self.check_access("write")
        # here, because the lead of a colleague's customer is made as superuser
        self.env["res.partner"]._dealer_check_usable(phones=[phone])
        known = self._find_open_lead(phone)
        lead = known or self._make_lead(self._prepare_lead_vals(name, phone, **vals))
        kind = self.kind or "first"
        card = ("known" if known else "new") if kind == "first" else False
        # sudo: the lead of a colleague is found by the number that the visitor gave
        self.sudo().write({"lead_id": lead.id, "kind": kind, "card": card})
        return lead

    def _make_lead(self, vals):
        """The lead of who came; that of a colleague's customer is the colleague's."""
        Lead = self.env["crm.lead"]
        if vals["user_id"] != self.env.uid:
            Lead = Lead.sudo()  # sudo: the file of this person is closed to who stands at the door
        return Lead.create(vals)

    def _note_contact(self):
        """The visit is a talk with the customer: it plans the next contact of the lead."""
        for visit in self:
            if visit.lead_id and visit.kind in ("first", "repeat") and not visit.is_imported:
                visit.lead_id._dealer_register_contact(
                    "visit", date=visit.arrived_on, note=visit.note
                )

    def _find_open_lead(self, phone):
        """The open lead of this number in the company, whoever's it is."""
        key = phone_key(phone, self.company_id.country_id.code)
        if not key:
            return self.env["crm.lead"]
        # sudo: who belongs to a colleague must not be made a second time
        return (
            self.env["crm.lead"]
            .sudo()
            .search(
                [
                    ("dealer_phone_key", "=", key),
                    ("company_id", "in", (self.company_id.id, False)),
                    ("probability", "<", 100),
                ],
                order="id",
                limit=1,
            )
        )

    def _prepare_lead_vals(self, name, phone, **vals):
        """Values of the lead of somebody who came in."""
        self.ensure_one()
        if "partner_id" not in vals:
            person = self.env["res.partner"]._dealer_find_person(phone=phone, name=name)
            vals["partner_id"] = person.id
            # sudo: who looks after this person goes on doing so
            vals["user_id"] = (person.sudo().user_id or self.user_id or self.env.user).id
        return {
            "name": self.env._(
                "%(name)s: showroom %(series)s", name=name, series=self.series_id.name or ""
            ).strip(),
            "contact_name": name,
            "phone": phone,
            "type": "opportunity",
            "user_id": (self.user_id or self.env.user).id,
            "company_id": self.company_id.id,
            "country_id": self.company_id.country_id.id,
            "source_id": self.source_id.id,
            "dealer_channel_id": self.env.ref("dealer_crm.dealer_channel_walk_in").id,
            "dealer_store_id": self.warehouse_id.id,
            **vals,
        }

    # === RECEPTION SCREEN ===
    @api.model
    def get_reception_data(self, store_id=None):
        """What the screen at the door shows: who is free, who is here, today's figures.

        No names of customers: whoever stands at the door may be anybody's colleague.
        """
        self.check_access("create")
        stores = self._get_reception_stores()
        store = stores.filtered(lambda warehouse: warehouse.id == store_id) or stores[:1]
        # sudo: the door sees who is busy with whom came when, not whom
        today = self.sudo().search(
            Domain("warehouse_id", "=", store.id)
            & Domain("arrived_on", ">=", self._get_day_start(store.company_id)),
            order="arrived_on, id",
        )
        return {
            "store": {"id": store.id, "name": store.name},
            "stores": [{"id": other.id, "name": other.name} for other in stores],
            "people": self._get_reception_people(store, today),
            "here": [visit._get_reception_line() for visit in today if not visit.left_on],
            "counts": {
                "total": len(today),
                "first": len(today.filtered(lambda visit: visit.kind == "first")),
                "repeat": len(today.filtered(lambda visit: visit.kind == "repeat")),
                "incomplete": len(today.filtered(lambda visit: visit.traffic == "incomplete")),
            },
        }

    @api.model
    def receive(self, store_id, kind, party_size, user_id=False, is_invited=False):
        """Log a party at the door.

        :return: the new data of the screen
        """
        self.create(
            {
                "warehouse_id": store_id,
                "kind": kind,
                "party_size": party_size,
                "user_id": user_id,
                "is_invited": is_invited,
            }
        )
        return self.get_reception_data(store_id)

    @api.model
    def set_left(self, visit_id):
        """Somebody of today has gone; the door may say so of everybody's visitors.

        :return: the new data of the screen
        """
        self.check_access("create")
        stores = self._get_reception_stores()
        # sudo: who opens the door need not be who received them; the store is checked
        visit = self.sudo().browse(visit_id).exists()
        if not visit or visit.warehouse_id not in stores:
            raise UserError(self.env._("This visit is not one of your store."))
        visit.action_left()
        return self.get_reception_data(visit.warehouse_id.id)

    @api.model
    def _get_reception_stores(self):
        """The stores in which the user may receive, the own one first."""
        user = self.env.user
        stores = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)])
        stores = stores.filtered(user._dealer_works_in)
        own = user._get_default_warehouse_id() & stores
        return own | stores

    @api.model
    def _get_day_start(self, company):
        """When the day began where the company is, in UTC."""
        # sudo: the address of the own company
        zone = pytz.timezone(company.sudo().partner_id.tz or self.env.user.tz or "Asia/Shanghai")
        now = fields.Datetime.now().replace(tzinfo=pytz.utc).astimezone(zone)
        midnight = zone.localize(datetime.datetime.combine(now.date(), datetime.time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _get_reception_people(self, store, today):
        """The consultants of a store, whose turn it is first.

        Free ones before busy ones, then who has received fewest today, then who waits longest.
        """
        people = []
        for user in self._get_consultants(store):
            own = today.filtered(lambda visit, user=user: visit.user_id == user)
            people.append(
                {
                    "id": user.id,
                    "name": user.name,
                    "busy": any(not visit.left_on for visit in own),
                    "count": len(own),
                    "last": own[-1:].arrived_on or datetime.datetime.min,
                }
            )
        people.sort(key=lambda person: (person["busy"], person["count"], person["last"]))
        for person in people:
            del person["last"]
        return people

    @api.model
    def _get_consultants(self, store):
        """Who receives in a store: its consultants, managers only where there are no others."""
        group = self.env.ref("dealer_base.group_sales_consultant")
        manager = self.env.ref("dealer_base.group_sales_manager")
        domain = [
            ("all_group_ids", "in", group.ids),
            ("share", "=", False),
            ("company_ids", "in", store.company_id.ids),
        ]
        # sudo: names of colleagues
        users = self.env["res.users"].sudo().search(domain, order="name, id")
        sellers = users.filtered(lambda user: manager not in user.all_group_ids)
        return (sellers or users).sudo(False)

    def _get_reception_line(self):
        """One party that is here, without its name."""
        self.ensure_one()
        arrived = fields.Datetime.context_timestamp(self, self.arrived_on)
        return {
            "id": self.id,
            "time": arrived.strftime("%H:%M"),
            "minutes": int((fields.Datetime.now() - self.arrived_on).total_seconds() // 60),
            "kind": self.kind or "",
            "party_size": self.party_size,
            "person": self.user_id.name or "",
            "incomplete": self.traffic == "incomplete",
        }
