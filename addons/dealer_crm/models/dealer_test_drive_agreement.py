from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.dealer_base.tools.identifiers import id_card_problem, normalize_number
from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

from ..tools.erasure import ANONYMOUS

#: Classes of a Chinese driving licence (准驾车型) with which a passenger car may be driven
#: (机动车驾驶证申领和使用规定, annex 1); C2 only with automatic gears.
CLASSES = ("A1", "A2", "A3", "B1", "B2", "C1", "C2")
AUTOMATIC_ONLY = "C2"
#: What the signature is about.
SIGNED_FIELDS = {
    "drive_id",
    "driver_name",
    "licence_number",
    "licence_class",
    "licence_valid_until",
    "is_permanent",
    "licence_photo",
    "signature",
}


class DealerTestDriveAgreement(models.Model):
    """Who drives with which licence, and the signature under the terms (试乘试驾协议书).

    A document of its own because everybody reads the calendar of the demo cars, but only whoever
    goes along, and the managers, the number and photo of a licence.
    """

    _name = "dealer.test.drive.agreement"
    _description = "Test Drive Agreement"
    _inherit = [DealerFactMixin._name, "dealer.derived.mixin"]
    _order = "id desc"
    _rec_name = "driver_name"

    _fact_fields = frozenset({"signed_on", "checked_by_id", "terms", "user_id", "company_id"})

    drive_id = fields.Many2one(
        "dealer.test.drive", required=True, ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one(related="drive_id.user_id", store=True, index=True)
    company_id = fields.Many2one(related="drive_id.company_id", store=True, index=True)
    vehicle_id = fields.Many2one(related="drive_id.vehicle_id")
    date_start = fields.Datetime(related="drive_id.date_start")
    driver_name = fields.Char("Driver")
    licence_number = fields.Char(help="In China the number of the identity card.")
    licence_class = fields.Selection([(name, name) for name in CLASSES], default="C1")
    licence_valid_until = fields.Date("Valid Until")
    is_permanent = fields.Boolean("Valid Without Limit")
    licence_photo = fields.Image(
        "Photo of the Licence", max_width=1600, max_height=1600, attachment=True
    )
    is_sober = fields.Boolean(
        "Sober, rested, and told about the car",
        help="The driver has drunk no alcohol, takes no medicine that forbids driving, and was"
        " shown the controls of the car and the route.",
    )
    signature = fields.Image(max_width=1024, max_height=1024)
    signed_on = fields.Datetime(readonly=True)
    checked_by_id = fields.Many2one("res.users", string="Licence Checked By", readonly=True)
    terms = fields.Html(
        "Signed Terms",
        readonly=True,
        sanitize=True,
        help="The text that was signed, as it stood on that day.",
    )
    terms_now = fields.Html("Terms", compute="_compute_terms_now", sanitize=False)

    _one_each = models.UniqueIndex("(drive_id)", "This drive has its agreement already.")
    _signed_complete = models.Constraint(
        """CHECK (signed_on IS NULL OR (checked_by_id IS NOT NULL AND driver_name IS NOT NULL
            AND licence_number IS NOT NULL AND licence_class IS NOT NULL AND is_sober
            AND (is_permanent OR licence_valid_until IS NOT NULL)))""",
        "An agreement is signed with the whole licence.",
    )

    @api.depends("signed_on", "drive_id")
    @api.depends_context("lang")
    def _compute_terms_now(self):
        for agreement in self:
            agreement.terms_now = (
                agreement.terms if agreement.signed_on else agreement._render_terms()
            )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_number(vals)
        agreements = super().create(vals_list)
        agreements.drive_id.check_access("write")  # nobody signs for the drive of a colleague
        return agreements

    def write(self, vals):
        self._clean_number(vals)
        # a client may send a context, but is never superuser
        is_erasure = self.env.su and self.env.context.get("dealer_erasure")
        if (
            SIGNED_FIELDS & vals.keys()
            and not is_erasure
            and any(agreement.signed_on for agreement in self)
        ):
            raise UserError(
                self.env._("This agreement is signed. It stays as it is; make a new booking.")
            )
        return super().write(vals)

    def _dealer_forget(self):
        """Erasure: that somebody signed stays, who it was does not."""
        self.with_context(dealer_erasure=True).write(
            {
                "driver_name": ANONYMOUS,
                "licence_number": ANONYMOUS,
                "licence_photo": False,
                "signature": False,
                "terms": False,
            }
        )

    @api.model
    def _clean_number(self, vals):
        if vals.get("licence_number"):
            vals["licence_number"] = normalize_number(vals["licence_number"])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(agreement.signed_on for agreement in self):
            raise UserError(self.env._("A signed agreement is kept."))

    @api.constrains("licence_number")
    def _check_licence_number(self):
        """The number of an identity card has a check digit; foreigners have other numbers."""
        for agreement in self:
            number = agreement.licence_number
            if number and len(number) == 18 and id_card_problem(number):
                raise ValidationError(
                    self.env._("The licence number %(number)s has a typing error.", number=number)
                )

    # === ACTIONS ===
    def action_sign(self):
        """Take the signature: the licence must be good on the day of the drive.

        :raise UserError: everything that is missing, at once
        """
        self.ensure_one()
        self.check_access("write")
        problems = self._get_problems()
        if problems:
            raise UserError(
                self.env._(
                    "The agreement is not complete:\n%(reasons)s",
                    reasons="\n".join(f"- {problem}" for problem in problems),
                )
            )
        # sudo: who, when and which text are nobody's to choose
        self.sudo().write(
            {
                "signed_on": fields.Datetime.now(),
                "checked_by_id": self.env.uid,
                "terms": self._render_terms(),
            }
        )
        # what the car showed last stands there; the companion reads the instrument
        self.drive_id.odometer_out = self.drive_id.vehicle_id.odometer
        return self.drive_id._get_records_action(name=self.drive_id.display_name)

    def action_print(self):
        """The agreement for the customer and the file."""
        return self.env.ref("dealer_crm.dealer_test_drive_report_agreement").report_action(self)

    # === CHECKS ===
    def _get_problems(self):
        """What stands between the driver and the wheel, one sentence each."""
        self.ensure_one()
        problems = []
        if self.signed_on:
            problems.append(self.env._("It is signed already."))
        if not self.driver_name or not self.licence_number or not self.licence_class:
            problems.append(self.env._("Name, number or class of the licence is missing."))
        if not self.licence_photo:
            problems.append(self.env._("Take a photo of the licence."))
        if not self.is_sober:
            problems.append(
                self.env._("Ask whether the driver is sober and rested, and explain the car.")
            )
        if not self.signature:
            problems.append(self.env._("The driver has not signed."))
        return problems + self._get_licence_problems()

    def _get_licence_problems(self):
        """A licence must be valid on the day and for the gears of the car."""
        day = fields.Datetime.context_timestamp(self, self.drive_id.date_start).date()
        # sudo: gears of the car, which everybody may know
        gears = self.drive_id.sudo().vehicle_id.model_id.transmission
        problems = []
        if not self.is_permanent and not self.licence_valid_until:
            problems.append(self.env._("Until when is the licence valid?"))
        elif not self.is_permanent and self.licence_valid_until < day:
            problems.append(
                self.env._(
                    "The licence was valid until %(date)s: the customer may only ride along.",
                    date=self.licence_valid_until,
                )
            )
        if self.licence_class == AUTOMATIC_ONLY and gears == "manual":
            problems.append(
                self.env._("With class C2 only cars with automatic gears may be driven.")
            )
        return problems

    # === TEXT ===
    def _render_terms(self):
        """The terms of the company, in the language of who signs with us."""
        self.ensure_one()
        own = self.company_id.dealer_test_drive_terms
        return own or self.env["ir.qweb"]._render("dealer_crm.dealer_test_drive_terms")
