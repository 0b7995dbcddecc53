from odoo import api, fields, models


class DealerContractClause(models.Model):
    """One clause of a contract template.

    What matters to the customer has to be pointed out to him, else it does not bind him (Civil
    Code Art. 496): such clauses are printed bold and marked.
    """

    _name = "dealer.contract.clause"
    _description = "Contract Clause"
    _order = "sequence, id"
    _rec_name = "title"

    template_id = fields.Many2one(
        "dealer.contract.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    title = fields.Char(required=True, translate=True)
    body = fields.Text(required=True, translate=True)
    applies = fields.Selection(
        [
            ("always", "Always"),
            ("earnest", "With earnest money"),
            ("prepayment", "With a prepayment"),
            ("plan", "With a payment plan"),
            ("no_plan", "Without a payment plan"),
            ("loan", "With a loan"),
            ("trade_in", "With a trade-in"),
            ("new", "For a new car"),
            ("used", "For a used car"),
        ],
        required=True,
        default="always",
    )
    is_important = fields.Boolean(
        string="Point Out",
        help="Printed bold and marked, because it limits what the customer may claim.",
    )

    @api.model
    def _dealer_split_payment(self):
        """Our first text spoke of dates above in every contract; databases that have it are mended.

        A clause that somebody has written anew stays as it is.
        """
        clause = self.env.ref("dealer_vehicle.dealer_contract_clause_payment", False)
        if (
            clause
            and clause.applies == "always"
            and clause.with_context(lang="en_US").body.startswith(
                "The buyer pays by the dates above"
            )
        ):
            clause.applies = "plan"
