from odoo import fields, models


class ResCompany(models.Model):
    """What must be done before a car may leave: decisions of each company."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_gate_pdi = fields.Boolean(
        "Delivery needs the inspection",
        default=True,
        help="A new car leaves only after its pre-delivery inspection (PDI) has been passed.",
    )
    dealer_gate_handover = fields.Boolean(
        "Delivery needs the signed hand-over list",
        default=True,
        help="A car leaves the stock only when the customer has signed its hand-over list, with the"
        " five steps that the law asks for.",
    )
    dealer_gate_papers = fields.Boolean(
        "Delivery needs the papers of the deal",
        default=True,
        help="A car leaves only when every paper that the rules ask for is in its deal jacket.",
    )

    dealer_gate_insured = fields.Boolean(
        "Delivery needs the compulsory insurance",
        default=True,
        help="A new car leaves only when its compulsory insurance is in force that day: a policy in"
        " its registration, or that of a customer who insures the car himself.",
    )

    def _dealer_fitment_location(self):
        """Where accessories go that we fit on our own account: out of stock, into a car.

        Its account carries the value from the issue of the goods to the cost of the car, so that
        both entries meet there and leave nothing.
        """
        self.ensure_one()
        # sudo: fitters and salespeople may not make locations
        Location = self.env["stock.location"].sudo()
        location = Location.search(
            [("company_id", "=", self.id), ("dealer_is_fitment", "=", True)], limit=1
        )
        return location or Location.create(
            {
                "name": self.env._("Fitment of cars"),
                "usage": "production",
                "company_id": self.id,
                "dealer_is_fitment": True,
                "valuation_account_id": self.expense_account_id.id,
            }
        )
