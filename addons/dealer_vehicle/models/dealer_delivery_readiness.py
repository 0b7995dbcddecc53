from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

#: What the light shows, in the order of the showroom: key, icon.
READY_ITEMS = (
    ("paid", "fa-cny"),
    ("pdi", "fa-stethoscope"),
    ("insured", "fa-shield"),
    ("plated", "fa-id-card-o"),
    ("fitted", "fa-wrench"),
    ("papers", "fa-folder-open-o"),
)
LIGHTS = [("ready", "Ready"), ("waiting", "Something to do"), ("blocked", "Blocked")]
COLORS = {"ok": "success", "missing": "danger", "na": "secondary"}


class DealerDelivery(models.Model):
    """The readiness light: what is done and what is missing before the customer comes."""

    _inherit = "dealer.delivery"  # pylint: disable=consider-merging-classes-inherited

    readiness = fields.Selection(
        LIGHTS,
        string="Light",
        compute="_compute_readiness",
        compute_sudo=True,  # money and papers are judged for people who may not read them
        search="_search_readiness",
        help="Blocked: the car may not leave. Something to do: it may, but not everything that was"
        " promised is ready.",
    )
    readiness_html = fields.Html(
        "Readiness", compute="_compute_readiness", compute_sudo=True, sanitize=False
    )
    is_money_open = fields.Boolean(compute="_compute_readiness", compute_sudo=True)

    def _compute_readiness(self):
        """Green, amber or red, and one icon for each thing to be ready."""
        lines = self.sale_line_id
        blockers = lines._dealer_get_open_blockers()
        labels = self._get_ready_labels()
        for delivery in self:
            codes = {blocker.code for blocker in blockers.get(delivery.sale_line_id.id, [])}
            items = delivery._get_ready_items(codes)
            delivery.is_money_open = "money" in codes
            if delivery.state in ("done", "cancel"):
                delivery.readiness = False
            elif codes:
                delivery.readiness = "blocked"
            else:
                delivery.readiness = "waiting" if "missing" in items.values() else "ready"
            delivery.readiness_html = Markup("").join(
                Markup(
                    '<span class="badge text-bg-%s me-1 mb-1" title="%s" data-item="%s">'
                    '<i class="fa %s"></i> %s</span>'
                )
                % (COLORS[items[key]], labels[key], key, icon, labels[key])
                for key, icon in READY_ITEMS
            )

    def _get_ready_labels(self):
        return {
            "paid": self.env._("Paid"),
            "pdi": self.env._("Inspected"),
            "insured": self.env._("Insured"),
            "plated": self.env._("Plated"),
            "fitted": self.env._("Fitted"),
            "papers": self.env._("Papers"),
        }

    def _get_ready_items(self, codes):
        """State of each item of the light: ``ok``, ``missing`` or ``na`` (does not apply).

        :param codes: codes of the gates that hold the car
        """
        self.ensure_one()
        vehicle, line = self.vehicle_id, self.sale_line_id
        registration = line.dealer_registration_ids[:1]
        day = self.env["dealer.parameter"]._get_local_day(
            self.date_start or fields.Datetime.now(), self.company_id
        )
        has_plate = vehicle.license_plate or (
            registration and registration._has_temporary_plate_on(day)
        )
        is_insured = registration and registration._is_insured_on(day)
        return {
            "paid": "missing" if "money" in codes else "ok",
            # the car may have been taken away or written off; its gate says so
            "pdi": "missing" if not vehicle or vehicle._dealer_get_pdi_problem() else "ok",
            "insured": "ok" if is_insured else "missing" if vehicle.kind != "used" else "na",
            "plated": "ok" if has_plate else "missing",
            "fitted": line.order_id._dealer_get_fitted_state(),
            "papers": "missing" if codes & {"papers", "pledge", "disclosure", "contract"} else "ok",
        }

    @api.model
    def _search_readiness(self, operator, value):
        """Open deliveries by their light; the others have none."""
        if operator != "in":
            return NotImplemented
        open_ones = self.search(Domain("state", "in", ("draft", "planned")))
        return Domain("id", "in", open_ones.filtered(lambda d: d.readiness in value).ids)

    def action_request_release(self):
        """Ask a manager to let the car go although money is open."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release of Open Money"),
            "res_model": "dealer.delivery.release",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_sale_line_id": self.sale_line_id.id},
        }
