from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DealerCustomerShare(models.Model):
    """A customer shown to a colleague on purpose: by whom, how far, why and until when.

    Shares are ended, never deleted: who could read a customer at what time must stay known. Both
    steps stand in the customer's chatter.
    """

    _name = "dealer.customer.share"
    _description = "Shared Customer"
    _order = "id desc"
    _rec_names_search = ["partner_id"]

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Shared with",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    mode = fields.Selection(
        [("view", "May read"), ("edit", "May read and change")],
        "How Far",
        required=True,
        default="view",
    )
    reason = fields.Char(required=True)
    date_until = fields.Date("Until", help="Last day. Empty: until it is ended.")
    revoked_on = fields.Datetime("Ended on", readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", "Ended by", readonly=True, copy=False)
    create_uid = fields.Many2one("res.users", "Shared by", readonly=True)
    is_active = fields.Boolean("In Force", compute="_compute_is_active")

    _one_share = models.UniqueIndex(
        "(partner_id, user_id) WHERE revoked_on IS NULL",
        "The customer is shared with this colleague already. End that share first.",
    )
    _not_in_past = models.Constraint(
        "CHECK (date_until IS NULL OR create_date IS NULL OR date_until >= create_date::date - 1)",
        "The last day of a share may not be in the past.",
    )

    @api.depends("revoked_on", "date_until")
    def _compute_is_active(self):
        today = fields.Date.context_today(self)
        for share in self:
            share.is_active = not share.revoked_on and (
                not share.date_until or share.date_until >= today
            )

    @api.depends("partner_id", "user_id")
    def _compute_display_name(self):
        for share in self:
            share.display_name = f"{share.partner_id.display_name} → {share.user_id.name}"

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        # what has run out makes room for a new share
        self._dealer_end_expired([vals["partner_id"] for vals in vals_list])
        shares = super().create(vals_list)
        shares._check_may_share()
        for share in shares:
            share._dealer_log(
                self.env._(
                    "Shared with %(user)s (%(mode)s): %(reason)s",
                    user=share.user_id.name,
                    mode=share._dealer_mode_label(),
                    reason=share.reason,
                )
            )
        return shares

    def write(self, vals):
        """A share is not rewritten: end it and share anew, so that the log tells the truth."""
        if not self.env.su:
            raise UserError(
                self.env._("A share cannot be changed. End it, then share the customer again.")
            )
        self._check_may_share()
        return super().write(vals)

    def _check_may_share(self):
        """Only who looks after a customer, and sales managers, share and end shares.

        :raise AccessError: somebody else tries it, like a colleague to whom it is only shared
        """
        if self.env.su or self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            self.partner_id.check_access("read")
            return
        # sudo: whoever looks after the customer need not be read by others
        if any(share.partner_id.user_id != self.env.user for share in self.sudo()):
            raise AccessError(
                self.env._("Only the person who looks after a customer, or a manager, shares it.")
            )

    @api.model
    def _dealer_end_expired(self, partner_ids):
        # sudo: a share that has run out is ended for whoever comes next
        expired = self.sudo().search(
            [
                ("partner_id", "in", partner_ids),
                ("revoked_on", "=", False),
                ("date_until", "<", fields.Date.context_today(self)),
            ]
        )
        expired.write({"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.uid})
        expired.flush_recordset()  # the unique index looks at every statement

    # === ACTIONS ===

    def action_revoke(self):
        """End the shares at once."""
        self._check_may_share()
        for share in self.filtered(lambda share: not share.revoked_on):
            # sudo: when it ended is a fact of this step
            share.sudo().write({"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.uid})
            share._dealer_log(
                self.env._("No longer shared with %(user)s.", user=share.user_id.name)
            )

    def _dealer_mode_label(self):
        return dict(self._fields["mode"]._description_selection(self.env))[self.mode]

    def _dealer_log(self, body):
        # sudo: the log is written whatever the rights on the contact are
        self.partner_id.sudo()._message_log(body=body, author_id=self.env.user.partner_id.id)
