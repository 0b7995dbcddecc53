from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SaleOrder(models.Model):
    """What is done to and for the sold car: plate and accessories."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_registration_ids = fields.One2many(
        "dealer.registration", "order_id", string="Registrations"
    )
    dealer_fitment_ids = fields.One2many("dealer.fitment", "order_id", string="Fitments")

    # === REGISTRATION ===
    def action_open_registration(self):
        """Open the registrations of the new cars of this order, made where there is none."""
        self.ensure_one()
        cars = self.order_line.filtered(
            lambda line: line.dealer_vehicle_id.kind in ("new", "demo") and line.state == "sale"
        )
        if not cars:
            raise UserError(self.env._("The order sells no new car: there is nothing to register."))
        sold = self.order_line.product_id.mapped("dealer_deal_type")
        registrations = self.dealer_registration_ids
        registrations |= registrations.create(
            [
                {
                    "sale_line_id": line.id,
                    "mode": "service" if "plate_service" in sold else "customer",
                }
                for line in cars - registrations.sale_line_id
            ]
        )
        return registrations._get_records_action(name=self.env._("Registration"))

    # === FITMENT ===
    def action_plan_fitment(self):
        """Plan a job for the accessories of this order that nobody has fitted yet."""
        self.ensure_one()
        vehicle = self._dealer_get_only_vehicle()
        lines = self._dealer_lines_to_fit()
        if vehicle and lines:
            self.env["dealer.fitment"].create(
                {
                    "vehicle_id": vehicle.id,
                    "order_id": self.id,
                    "company_id": self.company_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "quantity": line.product_uom_qty - line.qty_delivered,
                                "sale_line_id": line.id,
                            }
                        )
                        for line in lines
                    ],
                }
            )
        if not self.dealer_fitment_ids:
            raise UserError(
                self.env._("The order has no accessories to fit on one car that is named.")
            )
        return self.dealer_fitment_ids._get_records_action(name=self.env._("Fitments"))

    def _dealer_goods_lines(self):
        """Lines of accessories and gifts that are goods."""
        return self.order_line.filtered(
            lambda line: (
                line.product_id.type == "consu"
                and not line.dealer_vehicle_id
                and not line.product_id.categ_id.dealer_product_policy
                and line.product_uom_qty > 0
            )
        )

    def _dealer_lines_to_fit(self):
        """Accessories that are neither delivered nor on an open job."""
        planned = self.dealer_fitment_ids.filtered(lambda job: job.state == "planned").line_ids
        return self._dealer_goods_lines().filtered(
            lambda line: (
                line not in planned.sale_line_id and line.qty_delivered < line.product_uom_qty
            )
        )

    def _dealer_get_fitted_state(self):
        """Whether everything is on the car: ``ok``, ``missing``, or ``na`` for nothing to fit."""
        self.ensure_one()
        goods = self._dealer_goods_lines()
        jobs = self.dealer_fitment_ids.filtered(lambda job: job.state != "cancel")
        if not goods and not jobs:
            return "na"
        waiting = goods.filtered(lambda line: line.qty_delivered < line.product_uom_qty)
        return "missing" if waiting or "planned" in jobs.mapped("state") else "ok"
