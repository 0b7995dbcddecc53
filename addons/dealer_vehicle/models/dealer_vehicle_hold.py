from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

STATES = [
    ("waiting", "Waiting"),
    ("active", "Held"),
    ("used", "Ordered"),
    ("expired", "Expired"),
    ("released", "Released"),
]
# What people fill in themselves. All else follows from the rules and the buttons.
CREATE_FIELDS = {"vehicle_id", "partner_id", "order_id", "user_id", "company_id", "note"}
WRITE_FIELDS = {"order_id", "note"}
MANAGER_FIELDS = {"date_to", "priority", "user_id"}


class DealerVehicleHold(models.Model):
    """A car kept for a customer who has not confirmed an order yet.

    Without a deposit the hold ends by itself after the days of the parameter ``reservation_days``
    (domain: three days); with a deposit on its order it stays until somebody releases it. One car
    has one hold at a time, and the database says so. Who comes later may wait in the queue: the
    next in line gets the car when the hold before ends.
    """

    _name = "dealer.vehicle.hold"
    _description = "Vehicle Hold"
    _order = "priority desc, id"
    _rec_name = "vehicle_id"

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        index="btree_not_null",
        ondelete="cascade",
        help="A deposit on this order keeps the car past the expiry.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        compute="_compute_warehouse_id",
        store=True,
        index="btree_not_null",
        help="Store that holds the car, wherever the car stands.",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "High"), ("2", "Very high")], required=True, default="0"
    )
    date_from = fields.Datetime(string="Held Since", readonly=True, copy=False)
    date_to = fields.Datetime(string="Held Until", copy=False)
    extension_count = fields.Integer(string="Extensions", readonly=True, copy=False)
    is_hard = fields.Boolean(
        string="Deposit Paid",
        compute="_compute_is_hard",
        store=True,
        help="A hold with a deposit does not expire.",
    )
    is_from_deposit = fields.Boolean(
        string="Made by a Deposit",
        readonly=True,
        copy=False,
        help="The hold ends when the deposit goes back.",
    )
    state = fields.Selection(STATES, required=True, default="active", readonly=True, copy=False)
    ended_on = fields.Datetime(readonly=True, copy=False)
    ended_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reason = fields.Char(string="Reason of the End", readonly=True, copy=False)
    note = fields.Char()

    _active_unique = models.UniqueIndex(
        "(vehicle_id) WHERE state = 'active'",
        "Somebody has just reserved this car for another customer. Choose another car,"
        " or wait in the queue for this one.",
    )
    _due_index = models.Index("(date_to) WHERE state = 'active'")

    # === COMPUTES ===
    @api.depends("order_id.warehouse_id", "user_id", "vehicle_id", "company_id")
    def _compute_warehouse_id(self):
        """The store of the quotation, else of the salesperson, else the one that has the car."""
        for hold in self.sudo():  # sudo: who reads a hold may not read people and quotations
            person = hold.user_id.with_company(hold.company_id)
            own = self.env["stock.warehouse"].sudo().browse(person._dealer_get_store_ids())
            own = own.filtered(lambda store, hold=hold: store.company_id == hold.company_id)
            usual = person.property_warehouse_id
            if own and usual not in own:
                usual = own[:1]
            hold.warehouse_id = hold.order_id.warehouse_id or usual or hold.vehicle_id.warehouse_id

    @api.depends("order_id.dealer_deposit_paid")
    def _compute_is_hard(self):
        """Deposits make holds hard; see :meth:`_has_deposit`."""
        for hold in self:
            hold.is_hard = hold._has_deposit()

    def _has_deposit(self):
        """Hook: whether money has been paid for this hold."""
        self.ensure_one()
        return self.order_id.dealer_deposit_paid > 0

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        """Hold the cars, or wait for them with ``dealer_hold_wait`` in the context.

        :raise UserError: with the name of whoever has the car
        """
        now = fields.Datetime.now()
        waits = bool(self.env.context.get("dealer_hold_wait"))
        self._check_fields(set().union(*vals_list), CREATE_FIELDS)
        vehicles = self.env["dealer.vehicle"].browse(vals["vehicle_id"] for vals in vals_list)
        vehicles._dealer_lock_for_promise()
        self._expire_lapsed(vehicles)
        if not waits:
            self._check_free(vehicles)
        holds = super().create(
            [
                {
                    "priority": "0",
                    **vals,
                    "extension_count": 0,
                    "state": "waiting" if waits else "active",
                    "date_from": False if waits else now,
                    "date_to": False if waits else vals.get("date_to") or self._get_date_to(now),
                }
                for vals in vals_list
            ]
        )
        holds._check_sellable()
        holds._check_customer()
        return holds

    def write(self, vals):
        self._check_fields(vals, WRITE_FIELDS)
        res = super().write(vals)
        if "order_id" in vals:
            self._check_customer()
        return res

    @api.model
    def _check_fields(self, names, allowed):
        """Priority and expiry are a manager's, the state follows from the buttons."""
        if self.env.su:
            return
        if self._is_manager():
            allowed = allowed | MANAGER_FIELDS
        refused = sorted(set(names) & set(self._fields) - allowed - {"id"})
        if refused:
            raise UserError(
                self.env._(
                    "The field “%(field)s” of a hold follows from the rules. Extend or release the"
                    " hold with its buttons, or ask a manager.",
                    field=self._fields[refused[0]]._description_string(self.env),
                )
            )

    @api.model
    def _is_manager(self):
        user = self.env.user
        return user.has_group("dealer_base.group_sales_manager") or user.has_group(
            "dealer_base.group_usedcar_manager"
        )

    @api.model
    def _get_date_to(self, start):
        """When a hold that begins at ``start`` ends without a deposit."""
        days = self.env["dealer.parameter"]._get_value("reservation_days", start)
        return start + timedelta(days=float(days))

    @api.model
    def _check_free(self, vehicles):
        """Refuse cars that somebody else has, with the person's name."""
        if len(set(vehicles.ids)) != len(vehicles.ids):
            raise UserError(self.env._("A car can be held for one customer only."))
        error = vehicles._get_hold_error(self.env["res.partner"])
        if error:
            raise UserError(error)

    def _check_sellable(self):
        """Only what can be sold can be promised; who waits may wait for a reserved car."""
        active = self.filtered(lambda hold: hold.state == "active")
        holders = self.env["sale.order.line"]._dealer_search_holders(active.vehicle_id)
        for company, holds in self.grouped("company_id").items():
            error = holds.vehicle_id._get_sale_error(holders, company=company)
            if error:
                raise UserError(error)

    def _check_customer(self):
        """The quotation of a hold is one of its customer."""
        for hold in self.filtered("order_id"):
            if hold.order_id.partner_id.commercial_partner_id != (
                hold.partner_id.commercial_partner_id
            ):
                raise UserError(
                    self.env._(
                        "The quotation %(order)s belongs to another customer than the hold.",
                        order=hold.order_id.name,
                    )
                )

    # === ACTIONS ===
    def action_extend(self):
        """Keep the cars for another term; consultants may do so once."""
        self.check_access("write")
        now = fields.Datetime.now()
        for hold in self:
            if hold.state != "active":
                raise UserError(
                    self.env._(
                        "The hold of %(car)s is over. Hold the car again if it is still free.",
                        car=hold.vehicle_id.display_name,
                    )
                )
            if hold.extension_count and not self._is_manager():
                raise UserError(
                    self.env._(
                        "The hold of %(car)s has been extended already. Take a deposit from the"
                        " customer, or ask a manager to extend it again.",
                        car=hold.vehicle_id.display_name,
                    )
                )
            # sudo: expiry and counter are not written by hand
            hold.sudo().write(
                {
                    "date_to": self._get_date_to(max(now, hold.date_to or now)),
                    "extension_count": hold.extension_count + 1,
                }
            )
        return True

    def action_release(self):
        """The customer does not need the cars any more; the next in the queue gets them."""
        self.check_access("write")
        self._end("released", self.env._("Released by %(user)s", user=self.env.user.name))
        return True

    # === LIFE ===
    def _end(self, state, reason):
        """End these holds and give their cars to whoever waits first.

        :param state: used, expired or released
        """
        holds = self.filtered(lambda hold: hold.state in ("waiting", "active"))
        # sudo: a manager's order may end the hold of a consultant
        holds.sudo().write(
            {
                "state": state,
                "reason": reason,
                "ended_on": fields.Datetime.now(),
                "ended_by_id": self.env.uid,
            }
        )
        if state != "used":
            self._activate_next(holds.vehicle_id)

    @api.model
    def _activate_next(self, vehicles):
        """Give free cars to the first in their queue, who gets a full term."""
        waiting = self.sudo().search(  # sudo: the next in line may be a colleague's customer
            [("vehicle_id", "in", vehicles.ids), ("state", "=", "waiting")]
        )
        if not waiting:
            return
        taken = self._search_in_force(waiting.vehicle_id).vehicle_id
        taken |= self.env["sale.order.line"]._dealer_search_holders(vehicles).dealer_vehicle_id
        now = fields.Datetime.now()
        for vehicle, holds in waiting.grouped("vehicle_id").items():
            if vehicle in taken:
                continue
            hold = holds[:1]  # the order of the model is that of the queue
            hold.write({"state": "active", "date_from": now, "date_to": hold._get_date_to(now)})
            told = hold.user_id._dealer_tell(hold)
            told._notify_salesperson(
                told.env._(
                    "%(car)s is free now and held for your customer %(customer)s until %(date)s.",
                    car=told.vehicle_id.display_name,
                    customer=told.partner_id.display_name,
                    date=told._format_date_to(),
                )
            )

    def _notify_salesperson(self, message):
        """Tell the salesperson of one hold, on the page of the car (see ``_dealer_tell``)."""
        self.ensure_one()
        # sudo: the scheduled job speaks for nobody
        self.vehicle_id.sudo().message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=self.vehicle_id.display_name,
            body=message,
        )

    def _format_date_to(self):
        """Expiry as the reader writes times."""
        self.ensure_one()
        return format_datetime(self.env, self.date_to, dt_format="short") if self.date_to else "-"

    # === EXPIRY ===
    @api.model
    def _get_lapsed_domain(self):
        """Holds whose time is over although nobody has ended them yet."""
        return Domain(
            [
                ("state", "=", "active"),
                ("is_hard", "=", False),
                ("date_to", "<=", fields.Datetime.now()),
            ]
        )

    @api.model
    def _search_in_force(self, vehicles):
        """Holds that keep one of the cars at this moment, of whomever."""
        # sudo: consultants read their own holds, but those of colleagues bind them
        return self.sudo().search(
            Domain("vehicle_id", "in", vehicles.ids)
            & Domain("state", "=", "active")
            & ~self._get_lapsed_domain()
        )

    @api.model
    def _expire_lapsed(self, vehicles):
        """End the holds of these cars whose time is over; the job comes by once an hour only."""
        # sudo: as above
        lapsed = self.sudo().search(
            Domain("vehicle_id", "in", vehicles.ids) & self._get_lapsed_domain()
        )
        lapsed._expire()
        self.flush_model()

    @api.model
    def _cron_expire(self):
        """End the holds whose time is over and tell their salespeople."""
        lapsed = self.search(self._get_lapsed_domain())
        lapsed._expire()
        for hold in lapsed:
            told = hold.user_id._dealer_tell(hold)
            told._notify_salesperson(
                told.env._(
                    "The hold of %(car)s for your customer %(customer)s has expired.",
                    car=told.vehicle_id.display_name,
                    customer=told.partner_id.display_name,
                )
            )

    def _expire(self):
        """End these holds; everybody reads why, in the language of the company."""
        for company, holds in self.grouped("company_id").items():
            told = holds.with_context(lang=company.partner_id.lang or self.env.lang)
            told._end("expired", told.env._("Time is over"))

    # === READ BY OTHERS ===
    def _is_for(self, partner, order=None):
        """Whether this hold is that customer's or that order's."""
        self.ensure_one()
        if order and self.order_id == order:
            return True
        return bool(partner) and (
            self.partner_id.commercial_partner_id == partner.commercial_partner_id
        )

    def _get_message(self):
        """What a colleague reads who wants the car of this hold."""
        self.ensure_one()
        texts = {
            "car": self.vehicle_id.display_name,
            "person": self.user_id.name,
            "date": self._format_date_to(),
        }
        if self.is_hard:
            return self.env._(
                "%(car)s is held by %(person)s for a customer who has paid a deposit. Choose"
                " another car, or ask %(person)s or a manager to release it.",
                **texts,
            )
        return self.env._(
            "%(car)s is held by %(person)s for a customer until %(date)s. Choose another"
            " car, wait in the queue, or ask %(person)s or a manager to release it.",
            **texts,
        )

    @api.model
    def _settle_lines(self, lines):
        """Confirmed lines take over the holds of their customers on their cars."""
        # sudo: the line may be a colleague's
        lines = lines.sudo().filtered(lambda line: line.state == "sale" and line.dealer_vehicle_id)
        if not lines:
            return
        by_vehicle = defaultdict(self.sudo().browse)  # sudo: holds of colleagues
        for hold in self.sudo().search(
            [
                ("vehicle_id", "in", lines.dealer_vehicle_id.ids),
                ("state", "in", ("active", "waiting")),
            ]
        ):
            by_vehicle[hold.vehicle_id] |= hold
        for line in lines:
            order = line.order_id
            own = by_vehicle[line.dealer_vehicle_id].filtered(
                lambda hold, order=order: hold._is_for(order.partner_id, order)
            )
            own._end("used", self.env._("Order %(order)s", order=order.name))

    @api.model
    def _release_orders(self, orders, vehicles=None):
        """Release the holds that orders have on cars, by default on all their cars."""
        domain = Domain("order_id", "in", orders.ids) & Domain("state", "in", ("active", "waiting"))
        if vehicles is not None:
            domain &= Domain("vehicle_id", "in", vehicles.ids)
        # sudo: a manager may change the order of a consultant, and the reverse
        self.sudo().search(domain)._end("released", self.env._("No longer on the order"))

    @api.model
    def _lock_vehicles(self, vehicles, skip_locked=False):
        """Lock cars so that nobody else promises them; ids of the cars that we have.

        Whoever promises a car writes on its row (current hold, sale line). Hence PostgreSQL
        refuses the lock to a transaction that began before such a promise was committed, Odoo
        runs the request again, and the checks then see who has the car.

        :param skip_locked: take the first of the cars that nobody is just promising
        """
        if not vehicles.ids:
            return []
        ids = vehicles.ids
        if skip_locked:
            query = SQL(
                "SELECT id FROM dealer_vehicle WHERE id = ANY(%(ids)s)"
                " ORDER BY array_position(%(ids)s, id) LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED",
                ids=ids,
            )
        else:
            query = SQL(
                "SELECT id FROM dealer_vehicle WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                ids,
            )
        return [row[0] for row in self.env.execute_query(query)]
