from odoo import fields, models


class SaleOrder(models.Model):
    """Which coupons an order may use."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    # OVERRIDE sale_loyalty: accountants open an order, and know nothing of the cards of customers
    gift_card_count = fields.Integer(compute_sudo=True)
    loyalty_data = fields.Json(compute_sudo=True)
    reward_amount = fields.Float(compute_sudo=True)

    def _get_program_domain(self):
        return super()._get_program_domain() + self._dealer_get_place_domain()

    def _get_trigger_domain(self):
        return super()._get_trigger_domain() + self._dealer_get_place_domain("program_id.")

    def _dealer_get_place_domain(self, prefix=""):
        """Programs of the store of the order and of the cars on it."""
        trims = self.order_line.dealer_model_id
        domain = []
        for name, found in (
            ("dealer_warehouse_ids", self.warehouse_id),
            ("dealer_brand_ids", trims.brand_id),
            ("dealer_series_ids", trims.dealer_series_id),
        ):
            domain += ["|", (prefix + name, "=", False), (prefix + name, "in", found.ids)]
        return domain

    def _apply_program_reward(self, reward, coupon, **kwargs):
        """A program that stands alone is not added to others, nor others to it."""
        others = (
            (self.order_line - kwargs.get("old_lines", self.order_line.browse()))
            .filtered(lambda line: line.reward_id)
            .reward_id.program_id.filtered(lambda program: not program.is_payment_program)
        ) - reward.program_id
        program = reward.program_id
        if not program.is_payment_program and others:
            alone = (others | program).filtered(lambda p: p.dealer_stacking == "alone")
            if alone:
                return {
                    "error": self.env._(
                        "“%(program)s” cannot be used together with others.", program=alone[0].name
                    )
                }
        return super()._apply_program_reward(reward, coupon, **kwargs)
