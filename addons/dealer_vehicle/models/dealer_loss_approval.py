from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Who may decide on losses at all; how much, say the definitions of the approval.
LOSS_GROUPS = (
    "dealer_vehicle.group_loss_manager",
    "dealer_base.group_general_manager",
    "dealer_base.group_group_manager",
)


class DealerLossApproval(models.AbstractModel):
    """A document that writes cars off: who decides depends on what the cars cost us.

    The limits are dated parameters (approval matrix of the house): up to
    ``stock_loss_manager_limit`` one manager, up to ``stock_loss_gm_limit`` the finance manager and
    the general manager, two people; beyond, the group manager.
    """

    _name = "dealer.loss.approval"
    _description = "Approval of Losses"
    _inherit = ["tier.validation"]
    _dealer_one_decision_each = True

    dealer_loss_level = fields.Selection(
        [
            ("1", "Manager"),
            ("2", "Finance manager and general manager"),
            ("3", "Group manager"),
        ],
        string="Loss Decided by",
        compute="_compute_dealer_loss_level",
        compute_sudo=True,
    )

    def _dealer_get_loss(self):
        """What is written off, at cost.

        :return: amount as ``Decimal`` and whether some of the cars have no cost in our books; none
            when nothing here needs an approval
        """
        raise NotImplementedError

    def _compute_dealer_loss_level(self):
        """By the limits of today; a car without a cost is never a matter of one manager alone."""
        Parameter = self.env["dealer.parameter"]
        for document in self:
            loss = document._dealer_get_loss()
            if loss is None:
                document.dealer_loss_level = False
                continue
            amount, is_unknown = loss
            company = document.company_id or self.env.company
            alone = Parameter._get_value("stock_loss_manager_limit", company=company)
            together = Parameter._get_value("stock_loss_gm_limit", company=company)
            if amount > together:
                document.dealer_loss_level = "3"
            else:
                document.dealer_loss_level = "2" if amount > alone or is_unknown else "1"

    @api.model
    def _dealer_get_cost_of(self, vehicles):
        """Cost of these cars in our books, as ``_dealer_get_loss`` returns it."""
        costs = vehicles.sudo()._get_unit_costs()  # sudo: who counts does not see costs
        amounts = [Decimal(str(costs.get(vehicle.id) or 0)) for vehicle in vehicles]
        return sum(amounts, Decimal(0)), not all(amounts)

    def _dealer_get_loss_error(self):
        """Why the loss may not be booked yet, else nothing.

        Costs and limits are asked again: a late bill may have made a car dearer since the request.
        """
        self.ensure_one()
        document = self.sudo()  # sudo: what was decided is the same for everybody
        document.invalidate_recordset(["dealer_loss_level"])
        definitions = (
            self.env["tier.definition"]
            .sudo()
            .search(  # sudo: as above
                [("model", "=", self._name), ("company_id", "in", [False, self.company_id.id])]
            )
        )
        needed = definitions.filtered(document.evaluate_tier)
        reviews = document.review_ids
        who = ", ".join(
            definition.reviewer_group_id.name or definition.name for definition in needed
        )
        if not needed:
            return self._get_no_rule_message()
        if needed - reviews.definition_id:
            return self.env._(
                "%(document)s is decided on by: %(who)s. Ask for the approval first.",
                document=self.display_name,
                who=who,
            )
        if any(review.status != "approved" for review in reviews):
            return self.env._(
                "%(document)s is decided on by: %(who)s. The approval has been asked already.",
                document=self.display_name,
                who=who,
            )
        return None

    def _get_no_rule_message(self):
        return self.env._(
            "No approval rule covers this loss. Ask the administrator to restore the rules under"
            " Settings → Tier Validations."
        )

    def _dealer_check_loss_approved(self):
        for document in self:
            error = document._dealer_get_loss_error()
            if error:
                raise UserError(error)
