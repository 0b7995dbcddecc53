from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DealerRetentionRule(models.Model):
    """How long personal data of one kind are kept, and what happens then (PIPL Art. 19, 47).

    A run first shows what it would do; then the same is done. What a law demands to be kept is
    skipped, and the report says why.
    """

    _name = "dealer.retention.rule"
    _description = "Retention Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    target = fields.Selection(
        [
            ("lost_lead", "Lost leads: make anonymous"),
            ("person", "People without any dealing: make anonymous"),
            ("unmask_log", "Log of shown data: delete"),
        ],
        required=True,
    )
    parameter_code = fields.Char(
        "Parameter", required=True, help="Code of the dated parameter with the months."
    )
    last_run = fields.Datetime(readonly=True)
    last_count = fields.Integer("Last Time Done", readonly=True)

    _target_uniq = models.UniqueIndex("(target) WHERE active", "One rule for each target.")

    def _get_limit(self):
        """Data without contact since this moment are due."""
        self.ensure_one()
        months = int(self.env["dealer.parameter"]._get_value(self.parameter_code))
        return fields.Datetime.now() - relativedelta(months=months)

    def _get_due(self):
        """The records that the rule concerns now, and those kept by law with the reason.

        :return: (records, list of (record, reason))
        """
        self.ensure_one()
        # sudo: the rule concerns the data of everybody
        return getattr(self.sudo(), f"_get_due_{self.target}")()

    def _get_due_lost_lead(self):
        limit = self._get_limit()
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search(
                Domain("won_status", "=", "lost")
                & Domain("dealer_anonymised_on", "=", False)
                & Domain("write_date", "<", limit)
                & (
                    Domain("dealer_last_touch", "=", False)
                    | Domain("dealer_last_touch", "<", limit)
                )
            )
        )
        kept = [
            (lead, self.env._("the person bought a car: an order refers to it"))
            for lead in leads
            if lead.order_ids.filtered(lambda order: order.state == "sale")
        ]
        return leads - leads.browse([lead.id for lead, _reason in kept]), kept

    def _get_due_person(self):
        limit = self._get_limit()
        people = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search(
                Domain("dealer_is_customer", "=", True)
                & Domain("is_company", "=", False)
                & Domain("dealer_anonymised_on", "=", False)
                & Domain("user_ids", "=", False)
                & Domain("write_date", "<", limit)
                & (
                    Domain("dealer_last_touch", "=", False)
                    | Domain("dealer_last_touch", "<", limit)
                )
                & Domain("opportunity_ids", "not any", [("won_status", "!=", "lost")])
            )
        )
        reasons = people._dealer_get_legal_reasons()
        kept = [(person, reasons[person]) for person in people if reasons.get(person)]
        return people.filtered(lambda person: not reasons.get(person)), kept

    def _get_due_unmask_log(self):
        Log = self.env["dealer.unmask.log"]
        return Log.search([("date", "<", self._get_limit())]), []

    # === RUN ===

    def action_dry_run(self):
        """Show what a run would do, and do nothing."""
        return self._run(is_dry=True)

    def action_run(self):
        """Do what the dry run shows."""
        return self._run(is_dry=False)

    def _run(self, is_dry):
        runs = self.env["dealer.retention.run"].create(
            [rule._prepare_run_vals(is_dry) for rule in self]
        )
        return runs._get_records_action(name=self.env._("Retention Runs"))

    def _prepare_run_vals(self, is_dry):
        """Look, act unless it is a dry run, and return the values of the report."""
        self.ensure_one()
        records, kept = self._get_due()
        # ids, never names: the report outlives the data
        lines = [f"{record._name},{record.id}" for record in records]
        lines += [f"{record._name},{record.id}: {reason}" for record, reason in kept]
        vals = {
            "rule_id": self.id,
            "is_dry": is_dry,
            "due_count": len(records),
            "kept_count": len(kept),
            "report": "\n".join(lines),
        }
        if not is_dry:
            if self.target == "unmask_log":
                records.unlink()
            else:
                records._dealer_anonymise()
            # sudo: a fact that nobody writes by hand
            self.sudo().write({"last_run": fields.Datetime.now(), "last_count": vals["due_count"]})
        return vals

    @api.model
    def _cron_run(self):
        """Run every rule that has been run by hand before: the first time is a person's act."""
        self.search([("last_run", "!=", False)])._run(is_dry=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered("last_run"):
            raise UserError(self.env._("A rule that was used is archived, not deleted."))
