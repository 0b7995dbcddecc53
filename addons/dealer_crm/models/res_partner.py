from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.dealer_base.tools.identifiers import (
    id_card_problem,
    id_card_sex,
    normalize_number,
)

from ..tools.phone import phone_key


class ResPartner(models.Model):
    """One person, one file: who a customer is, who looks after them and how they came."""

    _inherit = "res.partner"

    dealer_is_customer = fields.Boolean(
        "Customer File",
        compute="_compute_dealer_is_customer",
        store=True,
        readonly=False,
        index=True,
        help="A person who asked about a car or bought one. Only the responsible person, "
        "colleagues with whom the customer is shared, and those who serve all customers read it.",
    )
    dealer_phone_key = fields.Char(
        "Telephone Key",
        compute="_compute_dealer_phone_key",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The number as digits with the country code, by which one person is found again.",
    )
    # === WHO ===
    dealer_id_number = fields.Char(
        "ID Number",
        index="btree_not_null",
        copy=False,
        groups="dealer_base.group_personal_data",
        help="Resident identity card (GB 11643).",
    )
    dealer_sex = fields.Selection(
        [("female", "Female"), ("male", "Male")],
        "Sex",
        compute="_compute_dealer_from_id_number",
        store=True,
        readonly=False,
        compute_sudo=True,
    )
    dealer_birthday = fields.Date(
        "Birthday",
        compute="_compute_dealer_from_id_number",
        store=True,
        readonly=False,
        compute_sudo=True,
    )
    dealer_age = fields.Integer("Age", compute="_compute_dealer_age")
    dealer_wechat = fields.Char("WeChat")
    # === WHAT THEY NEED ===
    dealer_buyer_kind = fields.Selection(
        [
            ("individual", "Individual"),
            ("company", "Company"),
            ("government", "Government"),
            ("leasing", "Leasing or ride-hailing"),
            ("dealer", "Dealer or second network"),
            ("insurance", "Insurance"),
            ("oem", "Manufacturer"),
        ],
        "Buyer Kind",
        compute="_compute_dealer_buyer_kind",
        store=True,
        readonly=False,
    )
    dealer_need = fields.Selection(
        [
            ("first", "First purchase"),
            ("replacement", "Replacement"),
            ("additional", "Additional car"),
            ("referral", "Referral"),
        ],
        "Need",
    )
    dealer_currency_id = fields.Many2one(
        "res.currency", "Currency of Amounts", compute="_compute_dealer_currency_id"
    )
    dealer_budget_min = fields.Monetary("Budget from", currency_field="dealer_currency_id")
    dealer_budget_max = fields.Monetary("Budget to", currency_field="dealer_currency_id")
    # === HOW THEY CAME ===
    dealer_channel_id = fields.Many2one(
        "dealer.channel", "First Channel", index="btree_not_null", ondelete="restrict"
    )
    dealer_last_channel_id = fields.Many2one(
        "dealer.channel", "Last Channel", index="btree_not_null", ondelete="restrict"
    )
    dealer_first_touch = fields.Datetime("First Contact", readonly=True, copy=False)
    dealer_last_touch = fields.Datetime("Last Inquiry", readonly=True, copy=False)
    dealer_protected_until = fields.Datetime(
        "Protected until",
        readonly=True,
        copy=False,
        help="Until then new inquiries of this person go to the same colleague.",
    )
    dealer_referrer_id = fields.Many2one(
        "res.partner", "Referred by", index="btree_not_null", ondelete="set null", copy=False
    )
    dealer_household_id = fields.Many2one(
        "res.partner",
        "Household of",
        index="btree_not_null",
        ondelete="set null",
        help="The person by whom the household is known; all its members name the same one.",
    )
    dealer_household_ids = fields.One2many(
        "res.partner", "dealer_household_id", "Household Members"
    )
    dealer_duplicate_count = fields.Integer(
        "Other Files of This Person", compute="_compute_dealer_duplicate_count"
    )

    # readers of one salesperson's customers, and the rules that hide them from others
    _dealer_owner = models.Index("(user_id) WHERE dealer_is_customer")

    _dealer_budget_order = models.Constraint(
        "CHECK (dealer_budget_min IS NULL OR dealer_budget_max IS NULL "
        "OR dealer_budget_max = 0 OR dealer_budget_min <= dealer_budget_max)",
        "The upper end of the budget is below its lower end.",
    )

    # === COMPUTE ===

    @api.depends("user_id", "customer_rank", "supplier_rank", "is_company", "partner_share")
    def _compute_dealer_is_customer(self):
        """A person with a salesperson or an invoice is a customer; what was ticked stays ticked.

        Companies, suppliers and employees are address-book entries that everybody needs.
        """
        for partner in self:
            is_person = partner.partner_share and not partner.is_company
            partner.dealer_is_customer = partner.dealer_is_customer or bool(
                is_person
                and not partner.supplier_rank
                and (partner.user_id or partner.customer_rank)
            )

    @api.depends("phone", "country_id")
    def _compute_dealer_phone_key(self):
        for partner in self:
            partner.dealer_phone_key = phone_key(partner.phone, partner.country_id.code) or False

    @api.depends("dealer_id_number")
    def _compute_dealer_from_id_number(self):
        """Sex and birthday stand in the number of the identity card."""
        for partner in self:
            number = normalize_number(partner.dealer_id_number or "")
            if number and not id_card_problem(number):
                partner.dealer_sex = id_card_sex(number)
                partner.dealer_birthday = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
            else:
                partner.dealer_sex = partner.dealer_sex
                partner.dealer_birthday = partner.dealer_birthday

    @api.depends("dealer_birthday")
    def _compute_dealer_age(self):
        today = fields.Date.context_today(self)
        for partner in self:
            day = partner.dealer_birthday
            partner.dealer_age = relativedelta(today, day).years if day else 0

    @api.depends("is_company")
    def _compute_dealer_buyer_kind(self):
        for partner in self:
            if partner.is_company and partner.dealer_buyer_kind in (False, "individual"):
                partner.dealer_buyer_kind = "company"
            elif not partner.is_company and partner.dealer_buyer_kind in (False, "company"):
                partner.dealer_buyer_kind = "individual"
            else:
                partner.dealer_buyer_kind = partner.dealer_buyer_kind

    @api.depends_context("company")
    def _compute_dealer_currency_id(self):
        self.dealer_currency_id = self.env.company.currency_id

    @api.depends("dealer_phone_key")
    def _compute_dealer_duplicate_count(self):
        """Other files with this telephone number, the colleagues' files included.

        Files of one company or one family may share a number: it is a warning.
        """
        keys = [key for key in self.mapped("dealer_phone_key") if key]
        # sudo: the count tells that a colleague has this customer, not who it is
        counts = dict(
            self.sudo()._read_group(
                [("dealer_phone_key", "in", keys), ("is_company", "=", False)],
                ["dealer_phone_key"],
                ["id:array_agg"],
            )
        )
        for partner in self:
            others = set(counts.get(partner.dealer_phone_key, [])) - set(partner._origin.ids)
            partner.dealer_duplicate_count = 0 if partner.is_company else len(others)

    # === CHECKS ===

    @api.constrains("dealer_referrer_id")
    def _check_dealer_referrer(self):
        """:raise ValidationError: somebody is brought by himself, or by whom he has brought"""
        # sudo: who brought whom goes through the customers of colleagues
        if self.sudo()._has_cycle("dealer_referrer_id"):
            raise ValidationError(
                self.env._("Nobody is referred by himself, nor by somebody whom he has brought.")
            )

    @api.constrains("dealer_id_number")
    def _check_dealer_id_number(self):
        problems = {
            "length": self.env._("it has not 18 characters"),
            "alphabet": self.env._("only digits, and X at the end, are possible"),
            "birth_date": self.env._("the birthday in it does not exist"),
            "check_digit": self.env._("its check digit is wrong"),
        }
        # sudo: who enters a number need not be one who reads the numbers of others
        for partner in self.sudo().filtered("dealer_id_number"):
            problem = id_card_problem(partner.dealer_id_number)
            if problem:
                raise ValidationError(
                    self.env._(
                        "The ID number of %(name)s cannot be right: %(problem)s.",
                        name=partner.name,
                        problem=problems.get(problem, problem),
                    )
                )

    @api.onchange("phone")
    def _onchange_dealer_duplicate(self):
        """Say at once that the person is known, before a second file is filled in."""
        if self.phone and self.dealer_duplicate_count:
            return {
                "warning": {
                    "title": self.env._("This person is known"),
                    "message": self._dealer_describe_duplicates(),
                }
            }
        return None

    def _dealer_describe_duplicates(self):
        """Who looks after the person with this number already, in words."""
        # sudo: names the colleague to talk to, nothing of the customer
        known = self.sudo()._dealer_find_person(phone=self.phone, exclude=self._origin)
        return self.env._(
            "%(owner)s looks after a customer with this telephone number already. Open that file "
            "instead of making a second one, or ask for it to be shared with you.",
            owner=known.user_id.name or self.env._("Nobody in particular"),
        )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._dealer_clean_id_number(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_clean_id_number(vals)
        return super().write(vals)

    @api.model
    def _dealer_clean_id_number(self, vals):
        """Keep the number in one spelling: the index finds it only that way."""
        if vals.get("dealer_id_number"):
            vals["dealer_id_number"] = normalize_number(vals["dealer_id_number"])

    # === FINDING ===

    @api.model
    def _dealer_find_person(self, phone=None, id_number=None, name=None, exclude=None):
        """The file of a person, whoever looks after it; every channel asks here first.

        The identity number decides, then the telephone. Several people may share a telephone: the
        one with the same name goes first, then the customer files, then the oldest file.

        :param exclude: records that are not meant
        :return: one partner in the environment of the caller (read it with care: the caller may
            have no right on it), or an empty record
        """
        key = phone_key(phone)
        # sudo: a person whom a colleague looks after must be found too, or a second file is made
        Partner = self.sudo()
        domain = Domain("is_company", "=", False) & Domain("partner_share", "=", True)
        if exclude:
            domain &= Domain("id", "not in", exclude.ids)
        found = Partner.browse()
        if id_number:
            number = normalize_number(id_number)
            found = Partner.search(
                domain & Domain("dealer_id_number", "=", number), order="id", limit=1
            )
        if not found and key:
            found = Partner.search(domain & Domain("dealer_phone_key", "=", key))
            found = found.sorted(
                lambda p: (bool(name) and p.name != name, not p.dealer_is_customer, p.id)
            )[:1]
        return found.sudo(self.env.su)

    @api.model
    def _dealer_find_people(self, keys):
        """The files of many telephone keys with one query.

        :param keys: telephone keys (``tools.phone.phone_key``)
        :return: dict of key to partner, see ``_dealer_find_person``
        """
        # sudo: see _dealer_find_person
        people = self.sudo().search_fetch(
            [
                ("dealer_phone_key", "in", list(keys)),
                ("is_company", "=", False),
                ("partner_share", "=", True),
            ],
            ["dealer_phone_key", "user_id", "name"],
            order="dealer_is_customer desc, id",
        )
        found = {}
        for person in people:
            found.setdefault(person.dealer_phone_key, person.sudo(self.env.su))
        return found
