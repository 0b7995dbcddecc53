from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

#: How far back a price still counts when another one undercuts it: small steps add up.
MEMORY = timedelta(days=30)


class DealerGuidePrice(models.Model):
    """The manufacturer's guide price (指导价) of a trim from a date on."""

    _name = "dealer.guide.price"
    _description = "Guide Price"
    _order = "model_id, date_from desc, id desc"
    _rec_name = "price"

    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", required=True, ondelete="cascade", index=True
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    price = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    company_id = fields.Many2one("res.company", index=True)

    _price_positive = models.Constraint("CHECK(price >= 0)", "A price cannot be negative.")
    _date_unique = models.UniqueIndex(
        "(model_id, date_from, COALESCE(company_id, 0))",
        "This trim already has a guide price from that date.",
    )

    # === AUTHORITY ===
    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        prices._check_cut()
        return prices

    def write(self, vals):
        before = {row: row.price for row in self}
        result = super().write(vals)
        self._check_cut(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_coming(self):
        if self._is_anybodys():
            return
        today = fields.Date.context_today(self)
        for row in self.filtered(lambda row: row.date_from <= today):
            raise UserError(
                self.env._(
                    "The guide price of %(trim)s has been in force since %(date)s: deals were made"
                    " by it. Enter a new price from a date on.",
                    trim=row.model_id.display_name,
                    date=row.date_from,
                )
            )

    def _is_anybodys(self):
        """Whether nobody has to answer for the cut: the system, or who has all authority."""
        user = self.env.user
        return self.env.su or any(
            user.has_group(f"dealer_base.group_{role}") for role in ("general_manager", "admin")
        )

    def _check_cut(self, before=None):
        """Refuse managers a cut beyond their discount authority.

        Floors follow the guide price, so that a lower one is a discount on every car of the trim.

        :param before: what these rows said before a change, by row
        """
        if self._is_anybodys():
            return
        known = self.search([("model_id", "in", self.model_id.ids)], order="date_from")
        by_model = known.grouped("model_id")
        for row in self:
            company = row.company_id or self.env.company
            share = self.env["dealer.parameter"]._get_rate(
                "discount_share_manager", row.date_from, company=company
            )
            recent = row._filter_recent(by_model[row.model_id])
            highest = max([*recent.mapped("price"), (before or {}).get(row, 0.0)], default=0.0)
            lowest = row.currency_id.round(highest * float(1 - share))
            if row.currency_id.compare_amounts(row.price, lowest) < 0:
                raise UserError(
                    self.env._(
                        "%(trim)s: %(new)s is more than %(share)s %% below the guide price"
                        " %(old)s. Floors follow it, so the general manager enters it.",
                        trim=row.model_id.display_name,
                        new=formatLang(self.env, row.price, currency_obj=row.currency_id),
                        old=formatLang(self.env, highest, currency_obj=row.currency_id),
                        share=f"{share * 100:g}",
                    )
                )

    def _filter_recent(self, prices):
        """Those of the prices of the trim that were in force shortly before this one."""
        self.ensure_one()
        earlier = prices.filtered(
            lambda price: (
                price != self
                and price.date_from <= self.date_from
                and price.company_id in (self.company_id, self.company_id.browse())
                and price.currency_id == self.currency_id
            )
        )
        since = self.date_from - MEMORY
        last_old = earlier.filtered(lambda price: price.date_from <= since)[-1:]
        return earlier.filtered(lambda price: price.date_from > since) | last_old
