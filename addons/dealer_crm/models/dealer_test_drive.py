from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

from ..tools.average import average_of_known

STATES = [
    ("planned", "Booked"),
    ("out", "On the road"),
    ("done", "Done"),
    ("no_show", "Did not come"),
    ("cancel", "Cancelled"),
]
TRANSITIONS = {
    ("planned", "out"),
    ("planned", "no_show"),
    ("planned", "cancel"),
    ("out", "done"),
    ("no_show", "planned"),
    ("cancel", "planned"),
}
#: Who is in the shop drives now, even when it is about to close.
WALK_IN = timedelta(hours=1)
#: How long a drive may be; managers lend a car for longer, over a weekend at most.
LONGEST, LONGEST_LENT = timedelta(hours=4), timedelta(days=3)
#: Nobody drives further; it is a slip of the hand.
FARTHEST_KM = 2000
#: What a booking takes.
BOOKED_FIELDS = {"vehicle_id", "date_start", "duration", "route_id"}
#: What belongs to the drive that took place: the agreement and the odometer speak of it.
DRIVEN_FIELDS = {"vehicle_id", "partner_id", "date_start", "duration", "route_id"}


#: What was read on the car; managers correct a slip.
READ_FIELDS = {"odometer_in", "odometer_out"}


class DealerTestDrive(models.Model):
    """A test drive (试乘试驾): a demo car, a time, a customer, who goes along.

    One car drives with one customer at a time; the database refuses a second booking, whoever is
    first. The car leaves only with a checked licence and the signed agreement, and comes back with
    its odometer, which never falls.
    """

    _name = "dealer.test.drive"
    _description = "Test Drive"
    _inherit = [
        "dealer.linked.mixin",
        DealerFactMixin._name,
        "dealer.derived.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    # the end too: a booking made shorter by hand would let a second one in
    _fact_fields = frozenset(
        {"state", "out_on", "in_on", "is_imported", "date_stop", "distance", "score"}
    )

    name = fields.Char("Number", readonly=True, copy=False, default="/", index="trigram")
    state = fields.Selection(
        STATES,
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    date_start = fields.Datetime(
        "From", required=True, default=lambda self: self._default_date_start(), tracking=True
    )
    duration = fields.Float(
        "Hours",
        required=True,
        compute="_compute_duration",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    date_stop = fields.Datetime("Until", compute="_compute_date_stop", store=True, precompute=True)
    vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Demo Car",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('id', 'in', free_vehicle_ids)]",
        check_company=True,
    )
    free_vehicle_ids = fields.Many2many(
        "dealer.vehicle", compute="_compute_free_vehicle_ids", string="Free Demo Cars"
    )
    series_id = fields.Many2one(
        "dealer.vehicle.series",
        compute="_compute_from_vehicle",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        compute="_compute_from_vehicle",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="warehouse_id.company_id", store=True, precompute=True, index=True
    )
    route_id = fields.Many2one(
        "dealer.test.drive.route",
        ondelete="restrict",
        check_company=True,
        domain="[('warehouse_id', 'in', (False, warehouse_id))]",
    )

    # === WHO ===
    lead_id = fields.Many2one(
        "crm.lead", index="btree_not_null", ondelete="restrict", check_company=True
    )
    visit_id = fields.Many2one(
        "dealer.visit", index="btree_not_null", ondelete="restrict", check_company=True
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
    user_id = fields.Many2one(
        "res.users",
        string="Accompanied By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # === THE DRIVE ===
    agreement_ids = fields.One2many("dealer.test.drive.agreement", "drive_id")
    is_signed = fields.Boolean("Agreement Signed", compute="_compute_is_signed")
    odometer_out = fields.Integer(
        "Odometer at Start (km)",
        compute="_compute_odometer_out",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        aggregator=None,
    )
    odometer_in = fields.Integer("Odometer at End (km)", copy=False, tracking=True, aggregator=None)
    distance = fields.Integer("Kilometres", compute="_compute_distance", store=True)
    out_on = fields.Datetime("Left On", readonly=True, copy=False)
    in_on = fields.Datetime("Came Back On", readonly=True, copy=False)
    result = fields.Selection(
        [
            ("ordered", "Ordered"),
            ("liked", "Liked the car"),
            ("thinking", "Thinks it over"),
            ("disliked", "Did not like the car"),
        ],
        tracking=True,
        copy=False,
    )
    satisfaction = fields.Selection(
        [
            ("0", "Not asked"),
            ("1", "Very bad"),
            ("2", "Bad"),
            ("3", "Fair"),
            ("4", "Good"),
            ("5", "Very good"),
        ],
        default="0",
        copy=False,
    )
    score = fields.Integer(
        "Satisfaction (1-5)", compute="_compute_score", store=True, aggregator="avg"
    )
    note = fields.Text(help="What the customer liked and missed, compared it with.")
    is_imported = fields.Boolean("From a File", readonly=True, copy=False)

    # Ranges are what PostgreSQL can exclude without the extension btree_gist
    _car_free = models.Constraint(
        """EXCLUDE USING gist (
            int4range(vehicle_id, vehicle_id, '[]') WITH &&,
            tsrange(date_start, date_stop) WITH &&
        ) WHERE (state IN ('planned', 'out') AND vehicle_id IS NOT NULL)""",
        "This demo car has just been booked for that time. Choose another car or time; the"
        " calendar shows what is free.",
    )
    _out_once = models.UniqueIndex(
        "(vehicle_id) WHERE state = 'out'", "This demo car is still on the road."
    )
    _takes_time = models.Constraint(
        "CHECK (date_stop > date_start)", "A test drive takes at least some minutes."
    )
    _has_car = models.Constraint(
        "CHECK (vehicle_id IS NOT NULL OR is_imported IS TRUE)", "Choose a demo car."
    )
    _odometer_rises = models.Constraint(
        "CHECK (state != 'done' OR is_imported IS TRUE OR odometer_in >= odometer_out)",
        "The odometer cannot show less at the end than at the start.",
    )

    # === COMPUTES ===
    @api.model
    def _default_date_start(self):
        """The next quarter of an hour: most customers want to drive now."""
        now = fields.Datetime.now()
        return now + timedelta(minutes=15 - now.minute % 15, seconds=-now.second)

    @api.depends("route_id")
    def _compute_duration(self):
        for drive in self:
            minutes = drive.route_id.duration
            drive.duration = minutes / 60 if minutes else drive.duration or 0.5

    @api.depends("date_start", "duration")
    def _compute_date_stop(self):
        for drive in self:
            start = drive.date_start
            drive.date_stop = start and start + timedelta(hours=drive.duration)

    @api.depends("date_start", "duration", "vehicle_id")
    def _compute_free_vehicle_ids(self):
        for drive in self:
            cars = drive._get_demo_cars()  # one form at a time asks for this
            busy = drive._get_clashes(cars).vehicle_id if drive.date_start else cars.browse()
            drive.free_vehicle_ids = cars - busy

    # Not on the place of the car: a drive stays a drive of the store where it was
    @api.depends("vehicle_id")
    def _compute_from_vehicle(self):
        for drive in self:
            drive.series_id = drive.vehicle_id.series_id or drive.series_id
            drive.warehouse_id = (
                drive.vehicle_id.warehouse_id
                or drive.warehouse_id
                or self.env.user._get_default_warehouse_id()
            )

    @api.depends("lead_id", "visit_id")
    def _compute_partner_id(self):
        for drive in self:
            # sudo: the lead may be a colleague's, who drives is known
            visit = drive.sudo().visit_id
            drive.partner_id = (
                drive.sudo().lead_id.partner_id or visit.partner_id or drive.partner_id
            )

    @api.depends("agreement_ids.signed_on")
    def _compute_is_signed(self):
        for drive in self:
            # sudo: whether it is signed is no secret, the licence in it is
            drive.is_signed = bool(drive.sudo().agreement_ids.signed_on)

    @api.depends("vehicle_id")
    def _compute_odometer_out(self):
        for drive in self:
            if drive.state == "planned":
                drive.odometer_out = drive.vehicle_id.odometer
            else:
                drive.odometer_out = drive.odometer_out

    @api.depends("odometer_out", "odometer_in", "state")
    def _compute_distance(self):
        for drive in self:
            is_back = drive.state == "done" and drive.odometer_in
            drive.distance = is_back and drive.odometer_in - drive.odometer_out

    @api.depends("satisfaction")
    def _compute_score(self):
        for drive in self:
            drive.score = int(drive.satisfaction or 0)

    @api.depends("vehicle_id", "user_id", "name")
    def _compute_display_name(self):
        for drive in self:
            # sudo: the car may be another store's by now. No customer: the calendar is everybody's
            car = drive.sudo().vehicle_id
            label = car.license_plate or car.model_id.name or drive.series_id.name
            drive.display_name = " · ".join(filter(None, (label, drive.user_id.name))) or drive.name

    def _read_group_select(self, aggregate_spec, query):
        """OVERRIDE orm: nobody who was not asked lowers the average."""
        if aggregate_spec == "score:avg":
            return average_of_known(self, "score", query)
        return super()._read_group_select(aggregate_spec, query)

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        self._check_people_usable(vals_list)
        for vals in vals_list:
            if vals.get("state", "planned") == "planned":
                shadow = self.new(vals)
                shadow._check_time()
                shadow._check_free()
        drives = super().create(vals_list)
        for drive in drives.filtered(lambda drive: not drive.is_imported):
            # sudo: numbers are not the person's to choose, nor are sequences his
            drive.sudo().name = drive.env["ir.sequence"].sudo().next_by_code(self._name) or "/"
        drives.flush_recordset()  # here and now, so that a taken car is told to whoever books
        drives.filtered(lambda drive: drive.state == "planned")._plan_reminder()
        return drives

    def write(self, vals):
        self._check_people_usable([vals])
        if DRIVEN_FIELDS & vals.keys() and not self.env.su:
            self._check_not_driven()
        if vals.get("partner_id") and not self.env.su:
            self._check_not_signed(vals["partner_id"])
        if READ_FIELDS & vals.keys() and not self.env.su:
            self._check_not_read(vals)
        moves = BOOKED_FIELDS & vals.keys()
        if moves:
            for drive in self.filtered(lambda drive: drive.state == "planned"):
                shadow = self.new(origin=drive)
                shadow.update({name: vals[name] for name in moves})
                if moves & {"date_start", "duration"}:
                    shadow._check_time()
                shadow._check_free()
        result = super().write(vals)
        if moves:
            self.flush_recordset()  # as in create
        return result

    @api.model
    def _check_people_usable(self, vals_list):
        """No test drive with somebody whose data are only stored."""
        if not self.env.su:
            ids = [vals.get("partner_id") for vals in vals_list]
            for name in ("lead_id", "visit_id"):
                linked = [vals[name] for vals in vals_list if vals.get(name)]
                # sudo: the person of a lead or visit, whoever looks after them
                ids += (
                    self.env[self._fields[name].comodel_name].sudo().browse(linked).partner_id.ids
                )
            self.env["res.partner"]._dealer_check_usable(ids=ids)

    def _check_not_driven(self):
        if any(drive.state in ("out", "done") for drive in self):
            raise UserError(
                self.env._("This drive has taken place: car, time and customer stay as they were.")
            )

    def _check_not_signed(self, partner_id):
        if any(drive.is_signed and drive.partner_id.id != partner_id for drive in self):
            raise UserError(
                self.env._("Somebody has signed for this drive. Cancel it and book another one.")
            )

    def _check_not_read(self, vals):
        """Refuse to rewrite an odometer that was read when the car left or came back."""
        is_manager = self.env.user.has_group("dealer_base.group_sales_manager")
        for drive in self:
            is_read = drive.state == "done" or (drive.state == "out" and "odometer_out" in vals)
            changes = any(vals[name] != drive[name] for name in READ_FIELDS & vals.keys())
            if is_read and changes and not is_manager:
                raise UserError(self.env._("The odometer has been read: a manager corrects it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_driven(self):
        if any(drive.state in ("out", "done") for drive in self):
            raise UserError(self.env._("A drive that has taken place is kept with its agreement."))

    def _check_time(self):
        """Drives are booked for when the shop is open, and not for days that are over.

        One of today may be entered afterwards: the car leaves only with its papers all the same.

        :raise ValidationError: the day is over, or nobody is in the shop
        """
        if self.env.su:  # imports and our own steps record what took place
            return
        now = fields.Datetime.now()
        is_manager = self.env.user.has_group("dealer_base.group_sales_manager")
        longest = LONGEST_LENT if is_manager else LONGEST
        for drive in self.filtered("date_start"):
            company = drive.company_id or self.env.company
            if timedelta(hours=drive.duration) > longest:
                raise ValidationError(
                    self.env._(
                        "A test drive takes %(most)s hours at most. A manager lends a car for"
                        " longer, for %(days)s days at most.",
                        most=int(LONGEST.total_seconds() / 3600),
                        days=LONGEST_LENT.days,
                    )
                )
            start = drive.date_start
            after = start + timedelta(minutes=1)  # nobody drives off at the moment of closing
            shop = drive.with_context(tz=company._dealer_get_shop_calendar().tz)
            day = fields.Datetime.context_timestamp(shop, start).date()
            if day < fields.Date.context_today(shop):
                raise ValidationError(
                    self.env._("This time is over: book the test drive for today or later.")
                )
            opening = company._dealer_move_to_opening([after])[after]
            if start > now + WALK_IN and opening != after:
                raise ValidationError(
                    self.env._(
                        "The shop is closed then. It opens again on %(opening)s.",
                        opening=format_datetime(
                            self.env,
                            opening,
                            tz=shop.env.context["tz"],
                            dt_format="MM-dd HH:mm",
                        ),
                    )
                )

    def _check_free(self):
        """Say who has the car; the database refuses as well, and also two at once.

        Called on drives that are not written yet, because the database speaks first otherwise.

        :raise ValidationError: the car is no demo car, or booked by somebody at that time
        """
        for drive in self.filtered("vehicle_id"):
            if drive.vehicle_id._origin not in drive._get_demo_cars():
                drive._check_other_store()
                raise ValidationError(
                    self.env._(
                        "%(car)s is no demo car for test drives (any more).",
                        car=drive.vehicle_id.display_name,
                    )
                )
            clash = drive._get_clashes(drive.vehicle_id._origin)[:1]
            if clash:
                raise ValidationError(drive._describe_clash(clash))

    def _check_other_store(self):
        """Say whose the car is, when it is a demo car that the user does not book himself.

        :raise ValidationError: it serves in another store
        """
        # sudo: only where the car stands
        drive = self.sudo()
        if drive.vehicle_id._origin in drive._get_demo_cars():
            raise ValidationError(
                self.env._(
                    "%(car)s serves in the store %(store)s: ask a colleague there to book it.",
                    car=drive.vehicle_id.display_name,
                    store=drive.vehicle_id.warehouse_id.name,
                )
            )

    # === CARS AND TIMES ===
    def _get_demo_cars(self):
        """The cars that serve for test drives now."""
        serving = (
            Domain("date_to", "=", False)
            & Domain("purpose", "=", "test_drive")
            & Domain("company_id", "in", self.company_id.ids or self.env.companies.ids)
        )
        return self.env["dealer.vehicle"].search(Domain("demo_period_ids", "any", serving))

    def _get_clashes(self, cars):
        """Other bookings of these cars at the same time."""
        self.ensure_one()
        return self.search(
            Domain("vehicle_id", "in", cars.ids)
            & Domain("state", "in", ("planned", "out"))
            & Domain("date_start", "<", self.date_stop)
            & Domain("date_stop", ">", self.date_start)
            & Domain("id", "!=", self._origin.id)
        )

    def _describe_clash(self, clash):
        """Who has the car, until when, and which cars are free instead."""
        free = self.free_vehicle_ids
        return self.env._(
            "%(car)s is booked by %(person)s from %(start)s to %(stop)s. Free at your time:"
            " %(free)s",
            car=clash.vehicle_id.display_name,
            person=clash.user_id.name,
            start=format_datetime(self.env, clash.date_start, dt_format="MM-dd HH:mm"),
            stop=format_datetime(self.env, clash.date_stop, dt_format="HH:mm"),
            free=", ".join(free.mapped("display_name")) or self.env._("no other demo car"),
        )

    # === ACTIONS ===
    def action_open_agreement(self):
        """Licence and agreement of this drive."""
        self.ensure_one()
        agreement = self.agreement_ids or self.env["dealer.test.drive.agreement"].create(
            self._prepare_agreement_vals()
        )
        return agreement._get_records_action(name=self.env._("Licence and Agreement"))

    def action_start(self):
        """Drive off: licence, signature and odometer are checked."""
        self.check_access("write")
        for drive in self:
            drive._check_may_start()
        for drive in self:
            drive._record_odometer(drive.odometer_out)
            drive._set_state("out", out_on=fields.Datetime.now())
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.flush_recordset()

    def action_return(self):
        """The car is back: the odometer is read."""
        self.check_access("write")
        for drive in self:
            if drive.state == "out" and drive.odometer_in < max(drive.odometer_out, 1):
                raise UserError(
                    self.env._(
                        "Read the odometer: it showed %(before)s km at the start.",
                        before=drive.odometer_out,
                    )
                )
            if drive.state == "out" and drive.odometer_in - drive.odometer_out > FARTHEST_KM:
                raise UserError(
                    self.env._(
                        "%(distance)s km in one test drive? Read the odometer again: it showed"
                        " %(before)s km at the start.",
                        distance=drive.odometer_in - drive.odometer_out,
                        before=drive.odometer_out,
                    )
                )
            drive._set_state("done", in_on=fields.Datetime.now())
            drive._record_odometer(drive.odometer_in)
            drive._plan_follow_up()
            # the lead may be a colleague's, its contacts are noted all the same
            drive.lead_id._dealer_register_contact("test_drive", note=drive.note)

    def action_no_show(self):
        """The customer did not come: the car is free, somebody calls."""
        self.check_access("write")
        self._set_state("no_show")
        for drive in self:
            drive._plan_activity(
                drive.env._("Call: did not come to the test drive"), fields.Date.context_today(self)
            )

    def action_cancel(self):
        """The drive will not take place."""
        self.check_access("write")
        self._set_state("cancel")
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_plan(self):
        """Book again."""
        self.check_access("write")
        self._check_time()
        self._check_free()
        self._set_state("planned")
        self.flush_recordset()

    # === STEPS ===
    def _set_state(self, state, **vals):
        """The only writer of ``state``; see ``TRANSITIONS``."""
        names = dict(self._fields["state"]._description_selection(self.env))
        for drive in self:
            if (drive.state, state) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "The test drive is “%(old)s” and cannot become “%(new)s”.",
                        old=names[drive.state],
                        new=names[state],
                    )
                )
        # sudo: state and moments are written by the steps, never by hand
        self.sudo().write({"state": state, **vals})

    def _check_may_start(self):
        """Refuse to drive off while something is missing; say all of it at once."""
        self.ensure_one()
        problems = []
        if not self.is_signed:
            problems.append(self.env._("The licence is not checked or the agreement not signed."))
        if not self.odometer_out or self.odometer_out < self.vehicle_id.odometer:
            problems.append(
                self.env._(
                    "Read the odometer: it showed %(before)s km last.",
                    before=self.vehicle_id.odometer,
                )
            )
        # sudo: also the colleague's drive that is not back yet
        if self.sudo().search_count(
            [("vehicle_id", "=", self.vehicle_id.id), ("state", "=", "out")], limit=1
        ):
            problems.append(self.env._("The car is still on the road with another customer."))
        if problems:
            raise UserError(
                self.env._(
                    "%(car)s cannot drive off yet:\n%(reasons)s",
                    car=self.vehicle_id.display_name,
                    reasons="\n".join(f"- {problem}" for problem in problems),
                )
            )

    def _record_odometer(self, value):
        """Every drive reads the odometer of the car, which refuses to fall."""
        self.ensure_one()
        if value != self.vehicle_id.odometer:
            # sudo: readings belong to those who look after cars, whoever accompanies makes them
            self.env["dealer.vehicle.odometer"].sudo().create(
                {
                    "vehicle_id": self.vehicle_id.id,
                    "value": value,
                    "source": "test_drive",
                    "note": self.name,
                }
            )

    def _prepare_agreement_vals(self):
        self.ensure_one()
        # sudo: the name of the own drive's customer
        return {
            "drive_id": self.id,
            "driver_name": self.sudo().partner_id.name or self.sudo().lead_id.contact_name,
        }

    # === ACTIVITIES ===
    def _plan_reminder(self):
        """Whoever goes along finds the drive in the own list of the day."""
        for drive in self:
            day = fields.Datetime.context_timestamp(drive, drive.date_start).date()
            drive._plan_activity(drive.env._("Test drive: confirm and prepare the car"), day)

    def _plan_follow_up(self):
        """Ask the next day, while the impression is fresh."""
        day = fields.Date.context_today(self) + timedelta(days=1)
        self._plan_activity(self.env._("Call after the test drive"), day)

    def _plan_activity(self, summary, day):
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            date_deadline=day,
            user_id=self.user_id.id,
        )

    # === KEY FIGURES ===
    @api.model
    def _dealer_kpi_demo_use(self, scope):
        """Share of the days of the demo cars on which they were driven, with its drives."""
        figure = self.env["dealer.kpi"].search([("code", "=", "test_drive_count")], limit=1)
        domain = figure._get_scope_domain(scope)
        drives = self.search_fetch(domain, ["vehicle_id", "date_start"])
        return self._dealer_kpi_demo_use_rows(drives, scope), domain

    @api.model
    def _dealer_kpi_demo_use_rows(self, rows, scope):
        """The same from the drives one by one."""
        driven = {
            (drive.vehicle_id, fields.Datetime.context_timestamp(drive, drive.date_start).date())
            for drive in rows
            if drive.vehicle_id
        }
        days = self._dealer_kpi_demo_days(scope)
        return len(driven) / days * 100 if days else None

    @api.model
    def _dealer_kpi_demo_days(self, scope):
        """Days on which cars served for test drives, in the period and until today."""
        end = min(scope.date_to, fields.Date.context_today(self))
        domain = (
            Domain("purpose", "=", "test_drive")
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("date_from", "<=", end)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", scope.date_from))
        )
        if scope.store_id:
            domain &= Domain("vehicle_id.warehouse_id", "=", scope.store_id)
        return sum(
            (min(period.date_to or end, end) - max(period.date_from, scope.date_from)).days + 1
            for period in self.env["dealer.demo.period"].search(domain)
        )
