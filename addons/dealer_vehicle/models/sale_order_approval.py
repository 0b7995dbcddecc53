from contextlib import contextmanager

from lxml import etree
from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ..tools import price_policy as policy

APPROVAL_LEVELS = [
    ("0", "Within authority"),
    ("1", "Sales manager"),
    ("2", "General manager"),
]
# Written by the steps of the approval and by nobody else, by whatever client he comes
FACTS = {
    "dealer_approval_level",
    "dealer_asked_level",
    "dealer_asked_revision",
    "dealer_deviation_ids",
    "dealer_is_used_deal",
    "dealer_maker_ids",
    "dealer_price_revision",
    "dealer_version_ids",
    "review_ids",
    "validation_status",
}
# Fields of the header that do not touch the price: they stay free while approval is asked
FREE_FIELDS = {
    "activity_ids",
    "client_order_ref",
    "commitment_date",
    "medium_id",
    "message_ids",
    "note",
    "picking_policy",
    "reference",
    "signature",
    "signed_by",
    "signed_on",
    "source_id",
    "tag_ids",
    "validity_date",
}
# What the comparison with the price policy rests on
PRICE_SOURCES = (
    "currency_id",
    "partner_id",
    "warehouse_id",
    "order_line.dealer_gift_bearer",
    "order_line.dealer_unit_value",
    "order_line.dealer_vehicle_id",
    "order_line.discount",
    "order_line.price_unit",
    "order_line.product_id",
    "order_line.product_uom_qty",
    "order_line.tax_ids",
    "dealer_trade_in_ids.is_unappraised",
    "dealer_trade_in_ids.over_allowance",
)
# What a confirmed deal may not change without the prices being looked at again
HEADER_PRICES = {"currency_id", "pricelist_id"}


class SaleOrder(models.Model):
    """A deal whose prices are approved by somebody else than their maker."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    # what is said about a price stays in the house: a customer reads his own orders
    dealer_approval_level = fields.Selection(
        APPROVAL_LEVELS,
        groups="base.group_user",
        string="Approval Needed",
        compute="_compute_dealer_approval_level",
        store=True,
        index=True,
        help="Whose approval the prices of the deal need.",
    )
    dealer_is_used_deal = fields.Boolean(
        string="Used Cars Only", compute="_compute_dealer_is_used_deal", store=True
    )
    dealer_deviation_reason_id = fields.Many2one(
        "dealer.deviation.reason",
        string="Reason of the Price",
        ondelete="restrict",
        copy=False,
        groups="base.group_user",
    )
    dealer_approval_note = fields.Text(
        string="Note to the Approver", copy=False, groups="base.group_user"
    )
    dealer_approval_summary = fields.Html(
        string="What Needs Approval",
        compute="_compute_dealer_approval_summary",
        groups="base.group_user",
    )
    dealer_needs_reason = fields.Boolean(
        string="Needs a Reason", compute="_compute_dealer_approval_summary"
    )
    dealer_asked_on = fields.Datetime(
        string="Approval Asked",
        compute="_compute_dealer_asked_on",
        compute_sudo=True,
        groups="base.group_user",
    )
    dealer_maker_ids = fields.Many2many(
        "res.users",
        "dealer_sale_order_maker_rel",
        "order_id",
        "user_id",
        string="Prices Made By",
        readonly=True,
        copy=False,
    )
    # Counts the changes of prices: an approval is for the prices it was asked for, and two
    # people at the same moment change the same row, of whom PostgreSQL refuses the second.
    dealer_price_revision = fields.Integer(default=0, readonly=True, copy=False)
    dealer_asked_revision = fields.Integer(default=-1, readonly=True, copy=False)
    dealer_asked_level = fields.Integer(
        default=0, readonly=True, copy=False, groups="base.group_user"
    )
    dealer_version_ids = fields.One2many(
        "dealer.order.version", "order_id", string="Versions", readonly=True, copy=False
    )
    dealer_version_count = fields.Integer(compute="_compute_dealer_version_count")

    def _auto_init(self):
        """Orders from before there was a price policy need no approval.

        Their level could not be computed here: the rules come with the data, which load later.
        """
        if not column_exists(self.env.cr, self._table, "dealer_approval_level"):
            create_column(self.env.cr, self._table, "dealer_approval_level", "varchar")
            self.env.cr.execute(
                SQL("UPDATE %s SET dealer_approval_level = '0'", SQL.identifier(self._table))
            )
        return super()._auto_init()

    # === COMPUTES ===
    @api.depends(*PRICE_SOURCES)
    def _compute_dealer_approval_level(self):
        deviations = self._dealer_get_deviations()
        for order in self:
            order.dealer_approval_level = str(order._dealer_level_of(deviations[order]))

    @api.model
    def _dealer_level_of(self, deviations):
        """The highest level that one of the deviations needs."""
        return max((deviation.level for deviation in deviations), default=policy.CONSULTANT)

    @api.depends("order_line.dealer_vehicle_id.kind")
    def _compute_dealer_is_used_deal(self):
        for order in self:
            kinds = set(order.order_line.dealer_vehicle_id.mapped("kind"))
            order.dealer_is_used_deal = kinds == {"used"}

    @api.depends("dealer_approval_level", "review_ids", "state")
    def _compute_need_validation(self):
        """OVERRIDE engine: it names no dependencies, and keeps its answer when prices change."""
        return super()._compute_need_validation()

    @api.depends("dealer_version_ids")
    def _compute_dealer_version_count(self):
        for order in self:
            order.dealer_version_count = len(order.dealer_version_ids)

    @api.depends("review_ids.create_date")
    def _compute_dealer_asked_on(self):
        for order in self:
            order.dealer_asked_on = min(order.review_ids.mapped("create_date"), default=False)

    @api.depends_context("uid", "lang")
    @api.depends("dealer_approval_level", *PRICE_SOURCES)
    def _compute_dealer_approval_summary(self):
        """What the price policy says about each deviation, without a cost."""
        deviations = self._dealer_get_deviations()
        for order in self:
            order.dealer_needs_reason = bool(deviations[order])
            rows = [order._dealer_describe(one) for one in deviations[order] if one.level]
            order.dealer_approval_summary = (
                Markup("<ul class='mb-0 ps-3'>%s</ul>")
                % Markup("").join(Markup("<li>%s</li>") % row for row in rows)
                if rows
                else False
            )

    def _dealer_describe(self, deviation):
        """One deviation in a sentence that fits on a phone."""
        self.ensure_one()
        money = (self.company_id or self.env.company).currency_id
        # sudo: the order names the car, also when it belongs to another company by now
        car = deviation.line.dealer_vehicle_id.sudo()
        product = car.display_name or deviation.line.product_id.name
        if deviation.kind == "trade_in":
            text = self.env._(
                "%(product)s: more is paid for the old car than it is worth", product=product
            )
        elif deviation.kind == "agency":
            text = self.env._(
                "%(product)s: %(due)s of taxes and premiums are due and the customer pays %(paid)s",
                product=product,
                due=money.format(float(deviation.listed)),
                paid=money.format(float(deviation.price)),
            )
        elif deviation.kind == "unappraised":
            text = self.env._(
                "%(product)s: the old car counts for %(price)s and nobody has appraised it",
                product=product,
                price=money.format(float(deviation.price)),
            )
        elif deviation.is_valueless:
            text = self.env._(
                "%(product)s costs the customer nothing and has no value: enter on its line what it"
                " is worth (“Value Each”)",
                product=product,
            )
        elif deviation.kind == "gift" and not deviation.line._dealer_get_value_known():
            text = self.env._(
                "%(product)s: gift worth %(value)s by its line alone; a manager confirms that. An"
                " article with a list price needs nobody within the quota",
                product=product,
                value=money.format(float(deviation.listed)),
            )
        elif deviation.kind == "gift":
            text = self.env._(
                "%(product)s: gift worth %(value)s",
                product=product,
                value=money.format(float(deviation.listed)),
            )
        elif deviation.floor is None or not deviation.beyond:
            text = self.env._(
                "%(product)s: %(price)s",
                product=product,
                price=money.format(float(deviation.price)),
            )
        else:
            text = self.env._(
                "%(product)s: %(price)s, floor %(floor)s, %(beyond)s (%(percent)s %%) below",
                product=product,
                price=money.format(float(deviation.price)),
                floor=money.format(float(deviation.floor)),
                beyond=money.format(float(deviation.beyond)),
                percent=f"{deviation.beyond / deviation.floor * 100:.2f}",
            )
        if deviation.is_below_cost and self.env.user.has_group("dealer_base.group_vehicle_cost"):
            text = self.env._("%(text)s, below cost", text=text)
        return text

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._dealer_check_no_facts(vals)
        orders = super().create(vals_list)
        confirmed = orders.filtered(lambda order: order.state == "sale")
        for order in confirmed:
            order._dealer_check_approved()
        confirmed._dealer_record("confirmed")
        return orders

    def write(self, vals):
        self._dealer_check_no_facts(vals)
        confirming = self.browse()
        if vals.get("state") == "sale":
            confirming = self.filtered(lambda order: order.state != "sale")
            for order in confirming:
                order._dealer_check_approved()
        repriced = self.browse()
        if HEADER_PRICES & vals.keys():
            repriced = self.filtered(lambda order: order.state == "sale")
        before = repriced._dealer_get_deviations()
        cancelled = self.browse()
        if vals.get("state") == "cancel":
            cancelled = self.filtered(lambda order: order.state == "sale")
        result = super().write(vals)
        repriced._dealer_check_not_worse(before)
        confirming._dealer_record("confirmed")
        cancelled._dealer_record("cancelled")
        return result

    @api.model
    def _dealer_check_no_facts(self, vals):
        """Refuse facts of the approval among the values that somebody writes.

        A form sends the list of reviews that it shows, empty for a new deal.
        """
        written = sorted(name for name in FACTS.intersection(vals) if vals[name] != [])
        if written and not self.env.su:
            raise UserError(
                self.env._(
                    'The field "%(field)s" follows from the prices and their approval: nobody'
                    " writes it.",
                    field=self._fields[written[0]]._description_string(self.env),
                )
            )

    def _dealer_write_facts(self, vals):
        """Write past the guards of header and engine, which refuse this to everybody.

        A context key would be a permission that any client can give itself.
        """
        # sudo: the salesperson's request, the approver's decision
        return models.BaseModel.write(self.sudo(), vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_versions(self):
        if self.sudo().dealer_version_ids:  # sudo: versions are not for everybody
            raise UserError(
                self.env._(
                    "Approval was asked for this deal, or it was confirmed. Cancel it and leave it"
                    " where it is."
                )
            )

    # === GUARD OF THE HEADER ===
    def _check_allow_write_under_validation(self, vals):
        """OVERRIDE engine: what does not touch the price stays free, such as sending the offer."""
        if vals.get("state", "sent") == "sent" and all(
            name == "state" or self._dealer_is_free_field(name) for name in vals
        ):
            return True
        return super()._check_allow_write_under_validation(vals)

    @api.model
    def _dealer_is_free_field(self, name):
        """Whether a field of the header may be written while approval is asked or given."""
        if name in FREE_FIELDS:
            return True
        return name.startswith("dealer_") and name not in self._dealer_get_priced_fields()

    @api.model
    def _dealer_get_priced_fields(self):
        """Our fields of the header that make the price; extend where the deal gets more."""
        return FACTS | {"dealer_deviation_reason_id", "dealer_approval_note"}

    def _dealer_get_title(self):
        """What messages call the deal; a deal that is just being entered has no number yet."""
        self.ensure_one()
        has_number = self.name and self.name not in ("/", self.env._("New"))
        return self.name if has_number else self.env._("This deal")

    # === GUARD OF THE PRICES ===
    def _dealer_check_prices_open(self):
        """Prices stand still from the request for approval until it is withdrawn."""
        for order in self:
            # sudo: a customer who changes options on the portal may not read reviews
            if order.state in ("draft", "sent") and order.sudo().review_ids:
                raise UserError(
                    self.env._(
                        "Approval of %(order)s has been asked or given for its present prices."
                        " Press “Change Prices” first: approval is then asked again.",
                        order=order._dealer_get_title(),
                    )
                )

    @api.model
    def _dealer_browse_parts(self, vals_list):
        """Deals that the values of new parts name, or the defaults of a client."""
        order_ids = {vals.get("order_id") for vals in vals_list}
        order_ids.add(self.env.context.get("default_order_id"))
        return self.browse(filter(None, order_ids))

    @contextmanager
    def _dealer_changing_prices(self):
        """Guard what is done inside, which changes prices of these deals.

        Prices under approval stand still; a confirmed deal keeps its version and may not get
        worse; every change is counted.
        """
        self._dealer_check_prices_open()
        before = self.filtered(lambda order: order.state == "sale")._dealer_get_deviations()
        yield
        self._dealer_check_prices_open()
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed:
            confirmed._dealer_check_not_worse(before)
            confirmed.filtered(lambda order: order in before)._dealer_record("changed")
        self._dealer_note_price_change()

    def _dealer_note_price_change(self):
        """Count the change and remember who made it.

        By SQL: a count in the row of the order is what makes a simultaneous approval fail,
        and writing it through the ORM would call every guard of the header again.
        """
        orders = self.filtered(lambda order: order.create_date != self.env.cr.now())
        if orders:
            orders.flush_recordset(["dealer_price_revision"])
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order SET dealer_price_revision = dealer_price_revision + 1"
                    " WHERE id IN %s",
                    tuple(orders.ids),
                )
            )
            orders.invalidate_recordset(["dealer_price_revision"], flush=False)
        if self.env.user.active and not self.env.user.share:
            orders = self.filtered(lambda order: order.create_uid != self.env.user)
            if orders:
                orders._dealer_write_facts({"dealer_maker_ids": [Command.link(self.env.uid)]})

    def _dealer_check_not_worse(self, before):
        """Refuse a change of a confirmed deal that would need an approval which nobody gave.

        :param before: deviations before the change, by order
        """
        after = self._dealer_get_deviations()
        for order in self:
            known = {
                (one.line.id, one.kind): (one.level, one.exposure) for one in before.get(order, ())
            }
            worse = [
                one
                for one in after[order]
                if one.level
                and (
                    one.level > known.get((one.line.id, one.kind), (0, 0))[0]
                    or one.exposure > known.get((one.line.id, one.kind), (0, 0))[1]
                )
            ]
            if worse and not order._dealer_user_may_grant(self._dealer_level_of(worse)):
                raise UserError(
                    self.env._(
                        "%(order)s is confirmed, and this change needs approval:\n%(what)s\n"
                        "Cancel the order and set it to quotation, or ask a manager who has not"
                        " made this deal to change it.",
                        order=order._dealer_get_title(),
                        what="\n".join(f"- {order._dealer_describe(one)}" for one in worse),
                    )
                )
            order._dealer_ensure_reason(
                [
                    one
                    for one in after[order]
                    if one.exposure > known.get((one.line.id, one.kind), (0, -1))[1]
                ]
            )

    def _dealer_user_may_grant(self, level):
        """Whether the user could have approved this level of this deal."""
        self.ensure_one()
        user = self.env.user
        if user in self._dealer_get_makers() or user.has_group("dealer_base.group_admin"):
            return False
        if user.has_group("dealer_base.group_general_manager"):
            return True
        role = "usedcar_manager" if self.dealer_is_used_deal else "sales_manager"
        return level <= policy.MANAGER and user.has_group(f"dealer_base.group_{role}")

    # === APPROVAL ===
    def _dealer_get_makers(self):
        """Whoever made a price of the deal, besides who entered it or asked for its approval."""
        order = self.sudo()  # sudo: as in super
        return super()._dealer_get_makers() | order.user_id | order.dealer_maker_ids

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._dealer_get_approval_error()

    def _dealer_check_approved(self):
        """Refuse to confirm prices that nobody has approved, or that leave policy unexplained."""
        self.ensure_one()
        error = self._dealer_get_approval_error()
        if error:
            raise UserError(error)
        self._dealer_ensure_reason(self._dealer_get_deviations()[self])

    def _dealer_get_approval_error(self):
        """Why the prices of the deal cannot be confirmed yet, else nothing.

        The policy is asked again: floors, costs and the age of a car change while a deal waits.
        """
        self.ensure_one()
        self._dealer_drop_past_invoice_date()
        deviations = self._dealer_get_deviations()[self]
        level = self._dealer_level_of(deviations)
        if str(level) != self.dealer_approval_level:
            self._dealer_refresh_approval_level()  # the engine asks by what is stored
        if not level or self._dealer_is_approved_for(level):
            return None
        if self.env.user.share:  # a customer learns no floor
            return self._dealer_get_price_open_message()
        waits = self._dealer_get_reviews("waiting", "pending")
        who = dict(self._fields["dealer_approval_level"]._description_selection(self.env))
        return self.env._(
            "The prices of %(order)s need approval (%(who)s):\n%(what)s\n%(next)s",
            order=self._dealer_get_title(),
            who=who[str(level)],
            what="\n".join(f"- {self._dealer_describe(one)}" for one in deviations if one.level),
            next=self.env._("Approval has been asked already; wait for the decision.")
            if waits
            else self.env._("Press “Ask for Approval”."),
        )

    def _dealer_is_approved_for(self, level):
        """Whether somebody with the right has approved the present prices."""
        self.ensure_one()
        order = self.sudo()  # sudo: the customer who signs on the portal may not read reviews
        makers = order._dealer_get_makers()
        return (
            bool(order.review_ids)
            and all(review.status == "approved" for review in order.review_ids)
            and not any(review.done_by in makers for review in order.review_ids)
            and order.dealer_asked_revision == order.dealer_price_revision
            and order.dealer_asked_level >= level
        )

    def _dealer_refresh_approval_level(self):
        """Bring the stored level up to date with the policy of today."""
        self.env.add_to_compute(self._fields["dealer_approval_level"], self)
        self.flush_recordset(["dealer_approval_level"])

    def _dealer_check_may_ask(self):
        """Refuse to ask a second time, as the second click on a window that stayed open does."""
        for order in self:
            reviews = order.sudo().review_ids  # sudo: who decides is no secret to who asks
            waiting = reviews.filtered(lambda review: review.status in ("waiting", "pending"))
            if waiting:
                raise UserError(
                    self.env._(
                        "Approval of %(order)s has been asked already: it waits for %(who)s.",
                        order=order._dealer_get_title(),
                        who=", ".join(filter(None, waiting.mapped("todo_by"))),
                    )
                )
            if reviews:
                raise UserError(
                    self.env._(
                        "%(order)s has been decided on already. Press “Change Prices” to ask"
                        " again.",
                        order=order._dealer_get_title(),
                    )
                )

    def request_validation(self):
        """OVERRIDE engine: ask with a reason, for the prices of this very moment."""
        self._dealer_check_may_ask()
        for order in self:
            order._dealer_refresh_approval_level()
            if order.dealer_approval_level != "0" and not order.dealer_deviation_reason_id:
                raise UserError(
                    self.env._("Choose the reason of the price before you ask for approval.")
                )
        reviews = super().request_validation()
        for order in self.browse(set(reviews.mapped("res_id"))):
            order._dealer_write_facts(
                {
                    "dealer_asked_revision": order.dealer_price_revision,
                    "dealer_asked_level": int(order.dealer_approval_level),
                }
            )
            order._dealer_record("asked", order.dealer_approval_note)
        return reviews

    def restart_validation(self):
        """OVERRIDE engine: the request and what was decided on it stay among the versions."""
        asked = self.filtered(lambda order: order.sudo().review_ids)  # sudo: read to record it
        result = super().restart_validation()
        asked._dealer_record("withdrawn")
        return result

    def _validate_tier(self, tiers=False):
        before = self._dealer_get_reviews("approved")
        result = super()._validate_tier(tiers)
        decided = self._dealer_get_reviews("approved") - before
        if decided:
            self._dealer_record("approved", decided[:1].comment)
            self._dealer_tell_decision(decided[:1].comment, is_approved=True)
        return result

    def _rejected_tier(self, tiers=False):
        before = self._dealer_get_reviews("rejected")
        result = super()._rejected_tier(tiers)
        decided = self._dealer_get_reviews("rejected") - before
        if decided:
            self._dealer_record("rejected", decided[:1].comment)
            self._dealer_tell_decision(decided[:1].comment, is_approved=False)
        return result

    def _dealer_tell_decision(self, comment, is_approved):
        """The salesperson hears at once what he may tell his customer."""
        for order in self.filtered(lambda order: order.user_id != self.env.user):
            # sudo: read for the check itself
            waits = order.sudo().review_ids.filtered(lambda r: r.status in ("waiting", "pending"))
            if not order.user_id or (is_approved and waits):
                continue  # the next one has to decide
            told = order.user_id._dealer_tell(order)
            words = {"order": told.name, "person": self.env.user.name}
            body = (
                told.env._("%(person)s approved the price of %(order)s.", **words)
                if is_approved
                else told.env._("%(person)s rejected the price of %(order)s.", **words)
            )
            # sudo: who decides need not be one who may write to the salesperson
            told.sudo().message_notify(
                partner_ids=order.user_id.partner_id.ids,
                subject=told.name,
                body=" ".join(filter(None, (body, comment))),
            )

    def _dealer_decide(self, approve, comment=False):
        """Approve or reject for the user, with an optional comment (buttons of the phone)."""
        self.ensure_one()
        self._dealer_check_may_review()
        reviews = self._dealer_get_open_reviews()
        reviews.comment = comment or False
        if approve:
            self._validate_tier(reviews)
        else:
            self._rejected_tier(reviews)
        self.sudo()._update_counter({"review_deleted": True})  # sudo: notifies the reviewers
        return True

    def action_dealer_request_approval(self):
        """Open the window that asks for the reason of the price."""
        self.ensure_one()
        self._dealer_check_may_ask()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for Approval"),
            "res_model": "dealer.approval.request",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_dealer_approve(self):
        """Open the window of the decision, to approve."""
        return self._dealer_open_decision("approve")

    def action_dealer_reject(self):
        """Open the window of the decision, to reject."""
        return self._dealer_open_decision("reject")

    def _dealer_open_decision(self, decision):
        self.ensure_one()
        self._dealer_check_may_review()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve") if decision == "approve" else self.env._("Reject"),
            "res_model": "dealer.approval.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "default_decision": decision},
        }

    def action_dealer_view_versions(self):
        """Open what the deal was before."""
        self.ensure_one()
        return self.dealer_version_ids._get_records_action(name=self.env._("Versions"))

    # === VIEW ===
    def _add_tier_validation_buttons(self, node, params):
        """OVERRIDE engine: our words on the buttons, and a reason with the request."""
        element = self.env["ir.qweb"]._render("dealer_vehicle.sale_order_approval_buttons", params)
        return etree.fromstring(element)

    # === VERSIONS ===
    def _dealer_record(self, kind, comment=False):
        """Keep what these deals are now, as a version.

        :param kind: event, see ``dealer.order.version``
        """
        if not self:
            return
        # what is decided goes to the database first: of two people at the same moment the second
        # is sent back to read what the first has done, and not to the index of version numbers
        self.flush_recordset(["state", "dealer_price_revision"])
        self.env["tier.review"].flush_model()
        Version = self.env["dealer.order.version"].sudo()  # sudo: nobody else creates versions
        last = dict(
            Version._read_group([("order_id", "in", self.ids)], ["order_id"], ["number:max"])
        )
        deviations = self._dealer_get_deviations()
        Version.create(
            [
                {
                    "order_id": order.id,
                    "number": last.get(order, 0) + 1,
                    "kind": kind,
                    "date": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "reason_id": order.dealer_deviation_reason_id.id,
                    "comment": comment,
                    "total": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "level": str(self._dealer_level_of(deviations[order])),
                    "snapshot": order._dealer_prepare_snapshot(deviations[order]),
                }
                for order in self
            ]
        )

    def _dealer_prepare_snapshot(self, deviations):
        """The deal as plain data: lines, what was compared, and the limits in force."""
        self.ensure_one()
        return {
            "lines": [
                {
                    "line": line.id,
                    "name": (line.name or "").split("\n")[0],
                    "vin": line.dealer_vehicle_id.vin or "",
                    "product": line.product_id.id,
                    "quantity": line.product_uom_qty,
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                    "taxes": line.tax_ids.ids,
                    "total": line.price_total,
                }
                for line in self.order_line
                if not line.display_type
            ],
            "deviations": [
                {
                    "line": one.line.id,
                    "kind": one.kind,
                    "listed": str(one.listed),
                    "floor": str(one.floor),
                    "price": str(one.price),
                    "level": one.level,
                    "rule": one.rule_id,
                }
                for one in deviations
            ],
            "limits": {name: str(value) for name, value in self._dealer_get_limits().items()},
        }
