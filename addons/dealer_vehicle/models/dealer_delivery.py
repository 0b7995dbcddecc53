from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime

from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin

STATES = [
    ("draft", "To schedule"),
    ("planned", "Scheduled"),
    ("done", "Handed over"),
    ("cancel", "Cancelled"),
]
TRANSITIONS = {
    ("draft", "planned"),
    ("planned", "draft"),
    ("draft", "done"),
    ("planned", "done"),
    ("draft", "cancel"),
    ("planned", "cancel"),
    ("cancel", "draft"),
}
#: An appointment may be entered when the customer is there already, not long after.
LATE_ENTRY = timedelta(hours=2)
#: What the law makes the dealer do with the buyer at the hand-over, each ticked by itself
#: (家用汽车产品修理更换退货责任规定, Art. 13).
LEGAL_STEPS = (
    "is_inspected_with_customer",
    "is_papers_given",
    "is_tools_given",
    "is_guarantee_explained",
    "is_safety_reminded",
)
#: What the signature is about: it cannot be changed any more when the car has been handed over.
SIGNED_FIELDS = {
    *LEGAL_STEPS,
    "signature",
    "signed_by",
    "odometer",
    "odometer_note",
    "key_count",
}


class DealerDelivery(models.Model):
    """The appointment at which a customer gets a car, and the proof of what was handed over.

    One bay holds one car at a time; the database refuses a second appointment there, whoever is
    first. The hand-over needs the five legal steps and the customer's signature, which the database
    checks too, and posts the transfer by which the car leaves the stock.
    """

    _name = "dealer.delivery"
    _description = "Vehicle Delivery"
    _inherit = [
        DealerFactMixin._name,
        DealerDerivedMixin._name,
        "mail.thread",
        "mail.activity.mixin",
        "dealer.blocker.panel",
    ]
    _order = "date_start DESC NULLS FIRST, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    _fact_fields = frozenset(
        {"state", "handed_over_by_id", "handed_over_on", "signed_on", "left_by_id", "left_on"}
    )
    _fixed_fields = frozenset({"sale_line_id"})

    name = fields.Char("Number", readonly=True, copy=False, default="/", index="trigram")
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True, index=True
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('dealer_vehicle_held', '=', True)]",
        check_company=True,
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id", string="Deal", store=True, index=True
    )
    vehicle_id = fields.Many2one(
        related="sale_line_id.dealer_vehicle_id", string="Car", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="sale_line_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", string="Store", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handed Over By",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        help="Who receives the customer: the salesperson of the deal unless another is named.",
    )

    # === APPOINTMENT ===
    bay_id = fields.Many2one(
        "dealer.delivery.bay",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('warehouse_id', '=', warehouse_id)]",
        tracking=True,
    )
    has_no_bay = fields.Boolean(
        compute="_compute_has_no_bay", help="The store has no bay that could be reserved."
    )
    date_start = fields.Datetime("Appointment", tracking=True, index="btree_not_null")
    duration = fields.Float("Hours", default=1.5, required=True)
    date_stop = fields.Datetime("End", compute="_compute_date_stop", store=True)
    note = fields.Text(help="Wishes of the customer: flowers, photo, a companion …")

    # === HAND-OVER ===
    is_inspected_with_customer = fields.Boolean(
        "Inside and outside looked at with the customer", copy=False
    )
    is_papers_given = fields.Boolean(
        "Invoice, certificates, three-guarantee voucher and manuals handed over", copy=False
    )
    is_tools_given = fields.Boolean("Tools and equipment handed over by the list", copy=False)
    is_guarantee_explained = fields.Boolean(
        "Guarantee explained: periods, usage factor, repair shops", copy=False
    )
    is_safety_reminded = fields.Boolean("Safety notes pointed out", copy=False)
    key_count = fields.Integer("Keys", default=2, copy=False)
    odometer = fields.Integer("Odometer (km)", copy=False)
    odometer_note = fields.Char(
        "Why So Many km",
        copy=False,
        help="A new car with more kilometres than agreed needs a word that the customer reads.",
    )
    signature = fields.Image("Customer's Signature", max_width=1024, max_height=1024, copy=False)
    signed_by = fields.Char("Name of Signer", copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    handed_over_by_id = fields.Many2one("res.users", "Released By", readonly=True, copy=False)
    handed_over_on = fields.Datetime(readonly=True, copy=False)
    left_by_id = fields.Many2one("res.users", "Gate Opened By", readonly=True, copy=False)
    left_on = fields.Datetime("Left the Yard On", readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(sale_line_id) WHERE state IN ('draft', 'planned')",
        "The delivery of this car is being prepared already. Open that one.",
    )
    # Ranges are what PostgreSQL can exclude without the extension btree_gist (see dealer.parameter)
    _bay_free = models.Constraint(
        """EXCLUDE USING gist (
            int4range(bay_id, bay_id, '[]') WITH &&,
            tsrange(date_start, date_stop) WITH &&
        ) WHERE (state = 'planned' AND bay_id IS NOT NULL)""",
        "Another car is handed over in this bay at that time. Choose another bay or time; the"
        " calendar shows what is free.",
    )
    _appointment_complete = models.Constraint(
        "CHECK (state != 'planned' OR (date_start IS NOT NULL AND date_stop > date_start))",
        "An appointment needs its time and at least some minutes.",
    )
    _readings_positive = models.Constraint(
        "CHECK (odometer >= 0 AND key_count >= 0)",
        "Kilometres and keys of a hand-over cannot be less than zero.",
    )
    _handover_complete = models.Constraint(
        f"""CHECK (state != 'done' OR ({" AND ".join(LEGAL_STEPS)}
            AND signed_on IS NOT NULL AND signed_by IS NOT NULL
            AND handed_over_on IS NOT NULL AND handed_over_by_id IS NOT NULL))""",
        "A car is handed over with all five legal steps and the customer's signature.",
    )

    # === COMPUTES ===
    @api.depends("sale_line_id")
    def _compute_user_id(self):
        for delivery in self:
            delivery.user_id = delivery.user_id or delivery.order_id.user_id

    @api.depends("warehouse_id")
    def _compute_has_no_bay(self):
        # sudo: which bays there are is no secret of the managers
        with_bay = self.sudo().warehouse_id.filtered("dealer_delivery_bay_ids")
        for delivery in self:
            # sudo: as above
            delivery.has_no_bay = delivery.sudo().warehouse_id not in with_bay

    @api.depends("date_start", "duration")
    def _compute_date_stop(self):
        for delivery in self:
            start = delivery.date_start
            delivery.date_stop = start and start + timedelta(hours=delivery.duration)

    @api.depends("name", "partner_id", "vehicle_id")
    def _compute_display_name(self):
        for delivery in self:
            # sudo: the car may stand in the books of a sister company
            car = delivery.sudo().vehicle_id.display_name
            delivery.display_name = " ".join(filter(None, [delivery.partner_id.name, car]))

    def _get_blocker_lines(self):
        return self.sale_line_id._dealer_lines_to_deliver()

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        for delivery in deliveries:
            # sudo: the number is not the person's to choose, nor are sequences his
            delivery.sudo().name = delivery.warehouse_id._dealer_next_number("delivery")
        deliveries.filtered("signature")._stamp_signature()
        return deliveries

    def write(self, vals):
        if SIGNED_FIELDS & vals.keys() and not self.env.su:
            self._check_not_signed_off()
        result = super().write(vals)
        if vals.keys() & {"date_start", "duration"}:
            # Whatever reads deliveries next writes the new start; the old end would lie before it
            self._recompute_recordset(["date_stop"])
        if "signature" in vals:
            self._stamp_signature()
        if "date_start" in vals:
            self.filtered(lambda delivery: delivery.state == "planned")._check_lies_ahead()
        return result

    def _check_not_signed_off(self):
        """What the customer has signed stays as it was."""
        if any(delivery.state == "done" for delivery in self):
            raise UserError(
                self.env._(
                    "The customer has signed this hand-over list. Add a message below instead of"
                    " changing it."
                )
            )

    def _stamp_signature(self):
        """Record when the customer signed; a signature that is wiped off was none."""
        # sudo: the moment is nobody's to choose
        for delivery in self.sudo():
            delivery.signed_on = fields.Datetime.now() if delivery.signature else False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(delivery.state == "done" for delivery in self):
            raise UserError(
                self.env._("A hand-over that has taken place is kept: it is the customer's proof.")
            )

    @api.constrains("bay_id", "warehouse_id")
    def _check_bay_store(self):
        for delivery in self:
            if delivery.bay_id and delivery.bay_id.warehouse_id != delivery.warehouse_id:
                raise ValidationError(
                    self.env._(
                        "%(bay)s belongs to another store than the deal.", bay=delivery.bay_id.name
                    )
                )

    # === ACTIONS ===
    def action_plan(self):
        """Fix the appointment; the bay is then taken."""
        for delivery in self:
            if not delivery.date_start:
                raise UserError(self.env._("Enter the time of the appointment first."))
        self.check_access("write")
        self._check_lies_ahead()
        self._set_state("planned")
        self.flush_recordset()  # here and now, so that a taken bay is told to whoever plans

    def _check_lies_ahead(self):
        """Refuse appointments of the past: nobody would come, and the bay would seem taken."""
        earliest = fields.Datetime.now() - LATE_ENTRY
        for delivery in self:
            if delivery.date_start and delivery.date_start < earliest:
                raise UserError(
                    self.env._(
                        "%(date)s has passed. Choose a time that lies ahead, or hand the car over"
                        " now without an appointment.",
                        date=format_datetime(self.env, delivery.date_start, dt_format="short"),
                    )
                )

    def action_make_bay(self):
        """Open the list of bays, to name one for this store."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_delivery_bay_action"
        )
        return dict(action, context={"default_warehouse_id": self.warehouse_id.id})

    def action_unplan(self):
        """The customer wants another time: the bay is free again."""
        self.check_access("write")
        self._set_state("draft")

    def action_cancel(self):
        """The car will not be handed over."""
        self.check_access("write")
        self._set_state("cancel")

    def action_draft(self):
        """Prepare a cancelled hand-over again."""
        self.check_access("write")
        self._set_state("draft")

    def action_hand_over(self):
        """Give the car to the customer: everything is checked, and the car leaves the stock."""
        self.check_access("write")
        for delivery in self:
            delivery._check_may_hand_over()
        for delivery in self:
            delivery._action_hand_over()
        return True

    def action_left(self):
        """The gate has been opened for this car: a pass is good for one exit."""
        self.check_access("read")
        user = self.env.user
        if not any(
            user.has_group(f"dealer_base.group_{role}")
            for role in ("stock_keeper", "sales_manager")
        ):
            raise AccessError(self.env._("The stock keeper, or a manager, opens the gate."))
        for delivery in self:
            if delivery.state != "done":
                raise UserError(
                    self.env._(
                        "%(car)s has not been handed over: there is no gate pass for it.",
                        car=delivery.display_name,
                    )
                )
            if delivery.left_on:
                raise UserError(
                    self.env._(
                        "This gate pass was used on %(date)s (%(person)s).",
                        date=fields.Datetime.context_timestamp(self, delivery.left_on).strftime(
                            "%Y-%m-%d %H:%M"
                        ),
                        person=delivery.left_by_id.name,
                    )
                )
        # sudo: who and when are nobody's to choose
        self.sudo().write({"left_on": fields.Datetime.now(), "left_by_id": self.env.uid})

    def action_start_pdi(self):
        """Inspect the car of this delivery."""
        return self.vehicle_id.action_start_pdi()

    def action_print_gate_pass(self):
        """Print the pass with which the car leaves the yard."""
        self._check_released()
        return self.env.ref("dealer_vehicle.dealer_delivery_report_gate_pass").report_action(self)

    def action_print_handover(self):
        """Print the hand-over list, for the customer and for the file."""
        return self.env.ref("dealer_vehicle.dealer_delivery_report_handover").report_action(self)

    # === STEPS ===
    def _set_state(self, state, **vals):
        """The only writer of ``state``; see ``TRANSITIONS``."""
        names = dict(self._fields["state"]._description_selection(self.env))
        for delivery in self:
            if (delivery.state, state) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "The delivery “%(delivery)s” is “%(old)s” and cannot become “%(new)s”.",
                        delivery=delivery.display_name,
                        old=names[delivery.state],
                        new=names[state],
                    )
                )
        # sudo: state, who and when are written by the steps, never by hand
        self.sudo().write({"state": state, **vals})

    def _check_released(self):
        for delivery in self:
            if delivery.state != "done":
                raise UserError(
                    self.env._(
                        "There is no gate pass for %(car)s before it has been handed over.",
                        car=delivery.display_name,
                    )
                )

    def _check_may_hand_over(self):
        """Refuse to hand over while something is missing; say all of it at once.

        :raise UserError: with the gates that hold the car and the steps that are still open
        """
        self.ensure_one()
        if (self.state, "done") not in TRANSITIONS:
            self._set_state("done")  # says why not
        problems = self._get_handover_problems()
        if problems:
            raise UserError(
                self.env._(
                    "%(car)s cannot be handed over yet:\n%(reasons)s",
                    car=self.vehicle_id.display_name,
                    reasons="\n".join(f"- {problem}" for problem in problems),
                )
            )

    def _get_handover_problems(self):
        """What is missing before the customer gets the keys, one sentence each."""
        self.ensure_one()
        problems = []
        line = self.sale_line_id.sudo()  # sudo: who hands over may not read money and papers
        if self.sale_line_id._dealer_lines_to_deliver():
            leaving = line.with_context(dealer_leaves_now=True)
            blockers = leaving._dealer_get_open_blockers()
            problems += [
                self.env._("%(reason)s (%(who)s)", reason=blocker.message, who=blocker.who)
                for blocker in blockers[line.id]
            ]
        elif not line._dealer_was_delivered():
            problems.append(self.env._("The order does not hold the car (any more)."))
        problems += [
            self.env._(
                "Not ticked: %(step)s", step=self._fields[step]._description_string(self.env)
            )
            for step in LEGAL_STEPS
            if not self[step]
        ]
        if not self.signature or not self.signed_by:
            problems.append(self.env._("The customer has not signed, or the name is missing."))
        problems += self._get_odometer_problems()
        return problems

    def _get_odometer_problems(self):
        """A reading there must be, and a new car has hardly been driven."""
        self.ensure_one()
        if not self.odometer:
            return [self.env._("The odometer has not been read.")]
        limit = self.env["dealer.parameter"]._get_value(
            "delivery_odometer_max", company=self.company_id
        )
        if self.vehicle_id.kind == "new" and self.odometer > limit and not self.odometer_note:
            return [
                self.env._(
                    "The odometer shows %(value)s km, more than the %(limit)s km of a new car:"
                    " write why.",
                    value=self.odometer,
                    limit=limit,
                )
            ]
        return []

    def _action_hand_over(self):
        """Everything that follows from the signature: state, reading, transfer, follow-up."""
        self.ensure_one()
        self._set_state(
            "done", handed_over_by_id=self.env.uid, handed_over_on=fields.Datetime.now()
        )
        # sudo: readings of the odometer belong to those who look after cars
        self.env["dealer.vehicle.odometer"].sudo().create(
            {
                "vehicle_id": self.vehicle_id.id,
                "value": self.odometer,
                "source": "delivery",
            }
        )
        if self.sale_line_id._dealer_lines_to_deliver():
            self._post_transfers()
        self._hand_over_custody()
        self._plan_followup()

    def _post_transfers(self):
        """The car leaves the stock, with what was sold for it and is there.

        The signed list is what allows it; the gates are asked once more by the transfer itself.
        """
        # sudo: consultants hand over, the transfers are the stock keeper's
        line = self.sale_line_id.sudo()
        while waiting := line.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
            picking = waiting.picking_id.sorted("id")[:1]
            here = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            moves = here & line._dealer_moves_to_hand_over()
            moves._action_assign()
            (here - moves).picked = False
            moves.filtered("move_line_ids").picked = True
            if not any(move.picked for move in moves & waiting):
                raise UserError(
                    self.env._(
                        "%(car)s is not where it should be: transfer %(transfer)s cannot be done."
                        " Ask the stock keeper.",
                        car=self.vehicle_id.display_name,
                        transfer=picking.name,
                    )
                )
            picking._action_done()  # what is not there stays on a backorder

    def _hand_over_custody(self):
        """Keys and papers that we have go along: as many keys as the customer has signed for.

        The certificate, and keys that were signed for, have come to us at some time, even when
        nobody wrote it down: they are received first, so that the chain ends with the customer.
        What a bank or somebody else has is not ours to give; it stays open in custody.
        """
        self.ensure_one()
        # sudo: keys and papers are the stock keeper's, the signed list says that they were given
        all_things = self.sudo().vehicle_id.custody_ids
        things = all_things.filtered(lambda thing: thing.state in ("in_hand", "redeemed"))
        keys = things.filtered(lambda thing: thing.kind == "key").sorted("id")
        given = things - keys[self.key_count :]
        forgotten = all_things.filtered(lambda thing: thing.state in ("at_oem", "in_transit"))
        late_keys = forgotten.filtered(lambda thing: thing.kind == "key").sorted("id")
        late = forgotten.filtered(lambda thing: thing.kind == "certificate")
        late |= late_keys[: max(self.key_count - len(keys), 0)]
        late._move("in_hand", note=self.name)
        given |= late
        given._move("handed_over", holder_id=self.partner_id.id, note=self.name)

    # === AFTER THE HAND-OVER ===
    def _plan_followup(self):
        """Plan the calls and visits after the delivery by the company's activity plan.

        Thanks after a day, calls on day 3, 7 and 30, first service, insurance, birthday of the car:
        a plan of Odoo for deliveries, which managers edit.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        for step in self._get_followup_plan().template_ids:
            responsible = step._determine_responsible(self.user_id or self.env.user, self)
            person = responsible["responsible"]
            self.activity_schedule(
                activity_type_id=step.activity_type_id.id,
                summary=step._dealer_get_summary(person.lang or self.env.lang),
                note=step.note,
                date_deadline=step._get_date_deadline(today),
                user_id=person.id,
            )

    def _get_followup_plan(self):
        """The plan of the company, else the general one; archived plans plan nothing."""
        # sudo: plans are set up by managers, every hand-over uses them
        plans = (
            self.env["mail.activity.plan"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("company_id", "in", (False, self.company_id.id)),
                ]
            )
        )
        return plans.sorted(lambda plan: (not plan.company_id, plan.id))[:1]

    def _get_handover_day(self):
        """The day of the hand-over where the company is."""
        self.ensure_one()
        return self.env["dealer.parameter"]._get_local_day(self.handed_over_on, self.company_id)

    # === PRINTING ===
    def _get_gate_url(self):
        """What the code on the gate pass says: where the guard confirms that the car leaves."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/hand-overs/{self.id}"

    def _get_legal_step_labels(self):
        """The legal steps in words, each with whether it is done."""
        self.ensure_one()
        return [
            (self._fields[step]._description_string(self.env), self[step]) for step in LEGAL_STEPS
        ]

    def _get_guarantee_terms(self):
        """What the consultant explains: periods, kilometres, factor, and the last days."""
        self.ensure_one()
        # sudo: the trim and the car are known to the customer who signs
        vehicle = self.sudo().vehicle_id
        day = self._get_handover_day() if self.handed_over_on else None
        terms = {
            name: vehicle.model_id._dealer_get_guarantee(f"dealer_{name}", day)
            for name in (
                "warranty_months",
                "warranty_km",
                "guarantee_months",
                "guarantee_km",
                "usage_factor",
            )
        }
        return {
            **terms,
            "is_consumer": not self.partner_id.is_company,
            "warranty_end": day and vehicle.warranty_end_date,
            "guarantee_end": day and vehicle.guarantee_end_date,
        }
