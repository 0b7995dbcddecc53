from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerVehicleTransfer(models.TransientModel):
    """Where the chosen cars go, and what the carrier asks for it."""

    _name = "dealer.vehicle.transfer"
    _description = "Move Cars"

    vehicle_ids = fields.Many2many("dealer.vehicle", string="Cars", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    location_id = fields.Many2one(
        "stock.location",
        string="To",
        required=True,
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id),"
        " ('dealer_place_type', '!=', False)]",
    )
    is_between_stores = fields.Boolean(compute="_compute_is_between_stores")
    arrival_date = fields.Datetime(string="Expected Arrival", default=fields.Datetime.now)
    carrier_id = fields.Many2one("res.partner")
    freight = fields.Monetary(
        help="Freight without tax for all cars together. It is prepared as a landed cost, split"
        " equally, which the accountant checks and posts."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _freight_positive = models.Constraint(
        "CHECK(freight >= 0)",
        "Freight cannot be negative. Leave it empty when the carrier asks for nothing; enter what"
        " he gives back as a vendor refund.",
    )

    @api.depends("vehicle_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.vehicle_ids.company_id[:1] or self.env.company

    @api.depends("vehicle_ids", "location_id")
    def _compute_is_between_stores(self):
        for wizard in self:
            stores = wizard.vehicle_ids.warehouse_id
            wizard.is_between_stores = bool(
                wizard.location_id and stores - wizard.location_id.warehouse_id
            )

    def action_transfer(self):
        """Move the cars and open the transfers."""
        self.ensure_one()
        if not self.vehicle_ids:
            raise UserError(self.env._("Choose the cars to move."))
        has_freight = self.is_between_stores and self.freight  # on the road there is no store
        transfers = self.vehicle_ids._transfer(self.location_id, self.arrival_date)
        if has_freight:
            self._create_freight(transfers)
        return transfers._get_records_action(name=self.env._("Transfers"))

    def _create_freight(self, transfers):
        # sudo: stock keepers state the freight; only accountants may post it
        cost = self.env["stock.landed.cost"].sudo().create(self._prepare_freight_vals())
        transfers[-1].message_post(
            body=self.env._("Freight prepared: %(document)s", document=cost._get_html_link())
        )
        return cost

    def _prepare_freight_vals(self):
        """Draft landed cost on exactly these cars."""
        product = self.env.ref("dealer_vehicle.product_freight")
        accounts = product.with_company(self.company_id).product_tmpl_id.get_product_accounts()
        return {
            "company_id": self.company_id.id,
            "target_model": "vehicle",
            "dealer_vehicle_ids": [fields.Command.set(self.vehicle_ids.ids)],
            "cost_lines": [
                fields.Command.create(
                    {
                        "product_id": product.id,
                        "name": " ".join(filter(None, (product.name, self.carrier_id.name))),
                        "price_unit": self.freight,
                        "split_method": "equal",
                        "account_id": accounts["expense"].id,
                    }
                )
            ],
        }
