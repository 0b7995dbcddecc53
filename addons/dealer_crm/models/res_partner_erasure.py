from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain

from ..tools.erasure import forget_texts, strike_out_of
from ..tools.phone import phone_key

#: Free texts about a person that serve marketing and follow-up only: (model, fields)
PERSON_TEXTS = (
    ("dealer.visit", ("note",)),
    ("dealer.test.drive", ("note",)),
    ("dealer.lead.party", ("note",)),
    ("dealer.care.task", ("note",)),
    ("dealer.customer.share", ("reason",)),
    ("dealer.consent", ("note", "evidence", "evidence_name")),
    ("crm.phonecall", ("name", "description", "partner_phone", "email_from")),
    ("survey.user_input", ("email", "nickname")),
)
#: Documents that are kept because they prove what we did; the person is struck out
PERSON_PROOFS = ("dealer.privacy.request", "helpdesk.ticket", "dealer.tender")


class ResPartner(models.Model):
    """What we know of a person, what the law lets us forget, and forgetting it."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_legal_reasons(self):
        """Why the data of people must still be kept.

        HOOK: the workshop adds repair records (``repair_record_retention_months``).

        :return: dict of partner to the reason in words, only for those who have one
        """
        Parameter = self.env["dealer.parameter"]
        today = fields.Date.context_today(self)
        sales, invoices = self.env._("sales records"), self.env._("invoices")
        repairs = self.env._("warranty and recall of the car")
        checks = [
            (
                "sale.order",
                [("state", "=", "sale")],
                "date_order",
                "sales_record_retention_months",
                sales,
            ),
            (
                "account.move",
                [("state", "=", "posted"), ("move_type", "!=", "entry")],
                "date",
                "invoice_retention_months",
                invoices,
            ),
            (
                "dealer.vehicle.owner",
                [("date_to", "=", False), ("vehicle_id", "!=", False)],
                "date_from",
                "repair_record_retention_months",
                repairs,
            ),
        ]
        reasons = {}
        for model, domain, date, code, label in checks:
            months = int(Parameter._get_value(code))
            since = today - relativedelta(months=months)
            # sudo: kept whoever may read the document
            rows = (
                self.env[model]
                .sudo()
                ._read_group(
                    [*domain, ("partner_id", "in", self.ids), (date, ">=", since)],
                    ["partner_id"],
                    [f"{date}:max"],
                )
            )
            for partner, last in rows:
                until = fields.Date.to_date(last) + relativedelta(months=months)
                text = self.env._("%(what)s until %(until)s", what=label, until=until)
                own = partner.sudo(self.env.su)
                reasons[own] = f"{reasons[own]}; {text}" if own in reasons else text
        return reasons

    def _dealer_anonymise(self):
        """Take everything personal out of files; numbers and dates stay for statistics.

        :return: number of files
        """
        # before the file is empty: what names these people, and by what else they are found
        secrets = {partner: partner._dealer_get_secrets() for partner in self}
        leads = self._dealer_get_all_leads()
        for partner in self.with_context(tracking_disable=True):
            # a sold car knows its owners; the role stays, the person is nameless
            partner.write(
                {
                    "name": self.env._("Anonymous %(number)s", number=partner.id),
                    "dealer_anonymised_on": fields.Datetime.now(),
                    "dealer_is_customer": False,
                    "dealer_restricted": False,
                    "active": False,
                    **dict.fromkeys(self._dealer_get_personal_fields(), False),
                }
            )
        calls = self.env["crm.phonecall"].with_context(active_test=False)
        calls.search([("partner_id", "in", self.ids)]).write(
            {"partner_phone": False, "email_from": False, "description": False}
        )
        leads._dealer_anonymise()
        self._dealer_forget_documents(secrets)
        self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.ids)]
        ).unlink()
        self.message_ids.unlink()
        self.activity_ids.unlink()
        self.bank_ids.filtered(lambda bank: not bank.company_id).action_archive()
        return len(self)

    def _dealer_get_secrets(self):
        """What names a person in a text."""
        self.ensure_one()
        key = phone_key(self.phone, self.country_id.code or self.env.company.country_id.code)
        words = {
            self.name,
            self.phone,
            self.phone_sanitized,
            self.email,
            self.dealer_id_number,
            self.dealer_wechat,
            key,
            key and key.removeprefix("86"),
        }
        # one letter or digit would strike out half of every text
        return {word for word in words if word and len(word) > 1}

    def _dealer_get_all_leads(self):
        """Leads of people, also those that know them by the telephone or the mail only."""
        keys = [key for key in self.mapped("dealer_phone_key") if key]
        mails = [mail for mail in self.mapped("email_normalized") if mail]
        known = Domain("dealer_phone_key", "in", keys) | Domain("email_normalized", "in", mails)
        return (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search(
                Domain("partner_id", "in", self.ids) | (Domain("partner_id", "=", False) & known)
            )
        )

    def _dealer_get_similar_leads(self):
        """Leads of nobody with the name of a person: whose they are, somebody has to decide."""
        names = [name for name in self.mapped("name") if name]
        return (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search(Domain("partner_id", "=", False) & Domain("contact_name", "in", names))
            - self._dealer_get_all_leads()
        )

    def _dealer_forget_documents(self, secrets):
        """Empty the texts of what serves follow-up, strike the person out of what is kept.

        :param secrets: dict of partner to what names it
        """
        own = [("partner_id", "in", self.ids)]
        for model, names in PERSON_TEXTS:
            records = self.env[model].with_context(active_test=False).search(own)
            if model == "dealer.care.task":
                records._close("skipped", skip_reason="consent")
            forget_texts(records, names)
        self.env["dealer.test.drive.agreement"].search(
            [("drive_id.partner_id", "in", self.ids)]
        )._dealer_forget()
        self.env["sms.sms"].search(own).unlink()
        for partner, words in secrets.items():
            for model in PERSON_PROOFS:
                kept = self.env[model].with_context(active_test=False)
                strike_out_of(kept.search([("partner_id", "=", partner.id)]), words)
        requests = self.env["dealer.privacy.request"].search(own)
        requests.write({"data_json": False, "data_xlsx": False})
        self.env["dealer.unmask.log"]._dealer_forget(self)

    def _dealer_get_personal_fields(self):
        """Fields that say who somebody is or how to reach him. HOOK: others add theirs."""
        return [
            "phone",
            "email",
            "street",
            "street2",
            "zip",
            "city",
            "website",
            "comment",
            "function",
            "vat",
            "ref",
            "image_1920",
            "dealer_id_number",
            "dealer_birthday",
            "dealer_sex",
            "dealer_wechat",
            "dealer_referrer_id",
            "dealer_household_id",
            "partner_latitude",
            "partner_longitude",
        ]

    def _dealer_get_personal_data(self):
        """Everything we hold of a person, for a copy (PIPL Art. 45). HOOK: others add sections.

        :return: dict of section to list of dicts, all values plain
        """
        self.ensure_one()
        sections = {
            "person": self._dealer_dump(
                self, ["name", *self._dealer_get_personal_fields(), "dealer_channel_id"]
            )
        }
        for name, model, field, names in (
            (
                "consents",
                "dealer.consent",
                "partner_id",
                ["purpose", "state", "date", "way", "notice_id"],
            ),
            (
                "inquiries",
                "crm.lead",
                "partner_id",
                ["name", "create_date", "phone", "email_from", "description", "dealer_channel_id"],
            ),
            (
                "cars",
                "dealer.vehicle.owner",
                "partner_id",
                ["vehicle_id", "role", "date_from", "date_to"],
            ),
            (
                "orders",
                "sale.order",
                "partner_id",
                ["name", "date_order", "state", "amount_total"],
            ),
            ("calls", "crm.phonecall", "partner_id", ["name", "date", "partner_phone"]),
        ):
            everything = self.env[model].with_context(active_test=False)
            records = (
                self._dealer_get_all_leads()
                if model == "crm.lead"
                else everything.search([(field, "=", self.id)])
            )
            sections[name] = self._dealer_dump(records, names)
        return sections

    def _dealer_dump(self, records, names):
        """Records as plain dicts: relations by name, dates as text, nothing empty."""
        rows = []
        for record in records:
            row = {}
            for name in names:
                field = record._fields.get(name)
                if not field or not record[name] or field.type == "binary":
                    continue
                value = record[name]
                if field.relational:
                    value = ", ".join(value.mapped("display_name"))
                elif field.type in ("date", "datetime"):
                    value = str(value)
                row[field._description_string(self.env) or name] = value
            rows.append(row)
        return rows
