from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

STATES = [
    ("at_oem", "At the manufacturer"),
    ("in_transit", "On its way"),
    ("in_hand", "With us"),
    ("pledged", "Pledged"),
    ("redeem_requested", "Release asked for"),
    ("redeemed", "Released"),
    ("handed_over", "Handed over"),
    ("lost", "Lost"),
]
TRANSITIONS = {
    ("at_oem", "in_transit"),
    ("at_oem", "in_hand"),
    ("at_oem", "pledged"),
    ("in_transit", "in_hand"),
    ("in_transit", "pledged"),
    ("in_transit", "lost"),
    ("in_hand", "in_hand"),
    ("in_hand", "in_transit"),
    ("in_hand", "pledged"),
    ("in_hand", "handed_over"),
    ("in_hand", "lost"),
    ("pledged", "pledged"),
    ("pledged", "redeem_requested"),
    ("pledged", "redeemed"),
    ("redeem_requested", "pledged"),
    ("redeem_requested", "redeemed"),
    ("redeemed", "in_transit"),
    ("redeemed", "in_hand"),
    ("redeemed", "handed_over"),
    ("redeemed", "lost"),
    ("handed_over", "in_hand"),
    ("lost", "in_hand"),
}
#: With a bank or its supervisor: the car may not leave.
PLEDGED_STATES = ("pledged", "redeem_requested")
#: No longer ours to ask back.
CLOSED_STATES = ("handed_over", "lost")


class DealerCustody(models.Model):
    """A key or paper of a car: who has it, where, since when, and when it must be back.

    Banks that finance the stock keep certificates and keys as a pledge until the car is paid for;
    a car may not be delivered while one is there. Nobody writes where a thing is: the last entry of
    its chain of moves says so, and entries are never changed.
    """

    _name = "dealer.custody"
    _description = "Key or Paper in Custody"
    _inherit = [
        "dealer.fact.mixin",
        "dealer.derived.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "vehicle_id, kind, id"
    _rec_name = "name"

    _fact_fields = frozenset({"move_id", "state", "holder_id", "place", "date", "date_back"})
    _fixed_fields = frozenset({"vehicle_id", "kind", "company_id"})

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("certificate", "Manufacturer's certificate"),
            ("key", "Key"),
            ("import", "Import certificate"),
            ("conformity", "Certificate of conformity"),
            ("registration", "Registration certificate"),
            ("other", "Other paper"),
        ],
        string="Thing",
        required=True,
        default="certificate",
        index=True,
    )
    name = fields.Char(string="Number or Label", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        default=lambda self: self.env.user,
        help="Is reminded when the thing is not back in time.",
    )
    move_ids = fields.One2many("dealer.custody.move", "custody_id", string="Chain", copy=False)
    move_id = fields.Many2one(
        "dealer.custody.move", string="Last Move", compute="_compute_state", store=True
    )
    state = fields.Selection(STATES, compute="_compute_state", store=True, index=True)
    holder_id = fields.Many2one(
        "res.partner",
        compute="_compute_state",
        store=True,
        index="btree_not_null",
        help="Bank, colleague or customer who has the thing now. Empty: it is in our own place.",
    )
    place = fields.Char(string="Kept At", compute="_compute_state", store=True)
    date = fields.Datetime(string="Since", compute="_compute_state", store=True)
    date_back = fields.Date(string="Due Back", compute="_compute_state", store=True, index=True)
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _vehicle_kind_name_unique = models.Constraint(
        "UNIQUE(vehicle_id, kind, name)",
        "This thing of the car is in custody already. Move that one instead of adding another.",
    )

    # === COMPUTES ===
    @api.depends("kind", "name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for custody in self:
            custody.display_name = " ".join(filter(None, (kinds.get(custody.kind), custody.name)))

    @api.depends("move_ids.state")
    def _compute_state(self):
        """What the last entry of the chain says; a new thing is still at the manufacturer."""
        for custody in self:
            move = custody.move_ids.sorted("id")[-1:]
            custody.move_id = move
            custody.state = move.state or "at_oem"
            custody.holder_id = move.holder_id
            custody.place = move.place
            custody.date = move.date
            custody.date_back = move.date_back

    @api.depends("date_back", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for custody in self:
            custody.is_overdue = bool(
                custody.date_back
                and custody.date_back < today
                and custody.state not in CLOSED_STATES
            )

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("date_back", "<", fields.Date.context_today(self)) & Domain(
            "state", "not in", CLOSED_STATES
        )
        return overdue if True in value else ~overdue

    # === CRUD ===
    @api.model
    def _get_fixed_message(self, name):
        """A thing belongs to its car for good: else a pledge could be put on another car."""
        if name == "kind":
            return self.env._(
                "A key or paper stays what it is: its chain tells where that very thing was. Add"
                " the other thing beside it instead."
            )
        return self.env._("A key or paper cannot change its car. Add it to the right car instead.")

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unmoved(self):
        """Whoever deletes the entry of a pledged certificate lifts the gate."""
        if any(custody.move_ids for custody in self):
            raise UserError(
                self.env._("The chain of custody cannot be deleted. Hand over or report as lost.")
            )

    # === ACTIONS ===
    def action_move(self):
        """Write down the next move of this thing."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_custody_move_action_new"
        )
        action["context"] = {"default_custody_id": self.id, "default_state": self._get_next_state()}
        return action

    def _get_next_state(self):
        """What usually comes next."""
        self.ensure_one()
        return {
            "at_oem": "in_hand",
            "in_transit": "in_hand",
            "pledged": "redeem_requested",
            "redeem_requested": "redeemed",
            "redeemed": "in_hand",
            "handed_over": "in_hand",
            "lost": "in_hand",
        }.get(self.state, "in_hand")

    def action_receive(self):
        """The things have come to us."""
        return self._move("in_hand")

    def action_hand_over(self):
        """The owners of the cars have got their keys and papers."""
        for custody in self:
            # sudo: keepers of keys need not see whose car it is
            partner = custody.sudo().vehicle_id.partner_id
            if not partner:
                raise UserError(
                    self.env._(
                        "%(car)s has no owner yet. Hand over after the delivery, or move the"
                        " thing to somebody by name.",
                        car=custody.vehicle_id.display_name,
                    )
                )
            custody._move("handed_over", holder_id=partner.id)
        return True

    def _move(self, state, **vals):
        """Add an entry to the chain of each of these things."""
        self.env["dealer.custody.move"].create(
            [dict(vals, custody_id=custody.id, state=state) for custody in self]
        )
        return True

    # === ALARM ===
    @api.model
    def _cron_remind(self):
        """Remind the people responsible of what is not back in time, once each."""
        activity_type = self.env.ref("dealer_vehicle.mail_activity_type_custody")
        overdue = self.search([("is_overdue", "=", True)])
        reminded = {
            activity.res_id
            for activity in self.env["mail.activity"].search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", overdue.ids),
                    ("activity_type_id", "=", activity_type.id),
                ]
            )
        }
        for custody in overdue.filtered(lambda custody: custody.id not in reminded):
            user = custody.user_id or custody.move_id.user_id
            told = user._dealer_tell(custody)
            told.activity_schedule(
                activity_type_id=activity_type.id,
                user_id=user.id,
                note=told.env._(
                    "%(thing)s of %(car)s is with %(holder)s and should have been back on"
                    " %(date)s.",
                    thing=told.display_name,
                    car=told.vehicle_id.display_name,
                    holder=told.holder_id.name or told.place or "-",
                    date=format_date(told.env, told.date_back),
                ),
            )

    # === STANDARD SET ===
    @api.model
    def _register_standard_set(self, vehicles):
        """Certificate and two keys of cars that have nothing in custody yet.

        What belongs to a car in one of our places is there with it, else still at the maker.
        """
        known = self.search([("vehicle_id", "in", vehicles.ids)]).vehicle_id
        vals_list = []
        for vehicle in vehicles - known:
            labels = [("certificate", vehicle.certificate_number or self.env._("no number yet"))]
            labels += [
                ("key", " ".join(filter(None, (vehicle.key_number, str(number)))))
                for number in (1, 2)
            ]
            vals_list += [
                {"vehicle_id": vehicle.id, "kind": kind, "name": name} for kind, name in labels
            ]
        things = self.create(vals_list)
        for vehicle, own in things.grouped("vehicle_id").items():
            place = vehicle.location_id
            if place.usage == "internal":  # what is on the road between stores comes later
                own._move("in_hand", place=place.display_name)
        return things

    @api.model_create_multi
    def create(self, vals_list):
        """A thing may come with its first move; without one it is at the manufacturer."""
        for vals in vals_list:
            commands = vals.get("move_ids") or []
            if any(command[0] not in (Command.CREATE,) for command in commands):
                raise UserError(self.env._("Entries of a chain of custody can only be added."))
        return super().create(vals_list)

    def _lock(self):
        """Two people cannot give the same thing away at the same moment."""
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM dealer_custody WHERE id = ANY(%s) ORDER BY id"
                    " FOR NO KEY UPDATE",
                    self.ids,
                )
            )
