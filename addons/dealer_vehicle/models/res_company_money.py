from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ResCompany(models.Model):
    """Rules of a dealership for customers' money."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_gate_money = fields.Selection(
        [
            ("paid", "All paid"),
            ("plan", "All due payments paid"),
            ("none", "Not checked"),
        ],
        string="Money Before Delivery",
        default="plan",
        required=True,
        help="What a customer must have paid before a car leaves. Without a collection plan the"
        " whole order is due.",
    )

    dealer_gate_return = fields.Boolean(
        string="Returns Need a Decision",
        default=True,
        help="A delivered car is taken back only after its return has been approved (Cancel and"
        " Refund): the law says what the customer gets, and somebody answers for it.",
    )

    def _dealer_check_open_period(self, date, journal, has_tax=False):
        """Refuse a date in a period that is closed for this journal.

        :raise UserError: Odoo would move the date silently instead
        """
        self.ensure_one()
        # sudo: lock dates are the accountants', whoever meets them
        company = self.sudo()
        locks = company._get_violated_lock_dates(date, has_tax, journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(date)s lies in a closed period (%(locks)s). Choose a day in an open period,"
                    " or ask the finance manager to open it.",
                    date=format_date(self.env, date),
                    locks=company._format_lock_dates(locks),
                )
            )

    def _dealer_get_general_journal(self):
        """Journal for entries that are neither cash nor invoices."""
        self.ensure_one()
        journal = self.env["account.chart.template"].with_company(self).ref(
            "general", raise_if_not_found=False
        ) or self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no journal for other entries. Ask the finance manager to make one.",
                    self.name,
                )
            )
        return journal
