from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerDeposit(models.Model):
    """Money on a quotation keeps its car: who has paid has one, and everybody else hears so."""

    _inherit = "dealer.deposit"  # pylint: disable=consider-merging-classes-inherited

    is_without_car = fields.Boolean(
        string="Take It Without the Car",
        tracking=True,
        copy=False,
        help="Somebody else has the car of the quotation. The money is taken for the order, and"
        " the customer knows that it does not keep this car.",
    )
    car_warning = fields.Text(
        string="Why the Car Is Not Kept", compute="_compute_car_warning", compute_sudo=True
    )
    car_kept = fields.Char(
        string="Car That Is Kept", compute="_compute_car_warning", compute_sudo=True
    )

    @api.depends("order_id", "state")
    @api.depends_context("lang")
    def _compute_car_warning(self):
        """What the cashier tells the customer before he takes the money.

        Computed with all rights: cashiers take money for orders and cars that they need not read.
        """
        for deposit in self:
            order = deposit.order_id
            is_open = deposit.state == "draft" and order.state in ("draft", "sent")
            cars = order.order_line.dealer_vehicle_id if is_open else order.browse()
            errors = [order._dealer_get_car_error(car) for car in cars]
            deposit.car_warning = "\n".join(filter(None, errors)) or False
            deposit.car_kept = ", ".join(
                car.display_name for car, error in zip(cars, errors, strict=True) if not error
            )

    # === RECEIVE ===
    def _receive(self):
        """Keep the car with the money, and let the salesperson know of it."""
        self._check_car()
        is_without_car = bool(self.car_warning)
        result = super()._receive()
        # sudo: as in _compute_car_warning
        order = self.order_id.sudo()
        kept = order._dealer_hold_for_deposit()
        texts = [
            self.env._(
                "%(kind)s of %(amount)s received, receipt %(number)s.",
                kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
                amount=self.currency_id.format(self.amount),
                number=self.name,
            )
        ]
        if kept:
            cars = ", ".join(kept.mapped("display_name"))
            texts.append(self.env._("It keeps %s.", cars))
        if is_without_car:
            texts.append(self.env._("It does not keep the car, which somebody else has."))
        order._dealer_tell_salesperson(" ".join(texts))
        return result

    def _check_car(self):
        """Nobody takes money for a car that somebody else has without saying so."""
        self.ensure_one()
        if self.car_warning and not self.is_without_car:
            raise UserError(
                self.env._(
                    "%(why)s\nThe money would not keep the car for %(customer)s. Let the"
                    " salesperson choose another car, or tick “Take It Without the Car”.",
                    why=self.car_warning,
                    customer=self.customer_id.name,
                )
            )

    # === UNDO ===
    def _cancel_receipt(self):
        """Money that was never there keeps no car."""
        result = super()._cancel_receipt()
        order = self.order_id.sudo()  # sudo: accountants do not write quotations
        order._dealer_release_without_deposit()
        order._dealer_tell_salesperson(
            self.env._(
                "Receipt %(number)s of %(amount)s has been reversed.",
                number=self.name,
                amount=self.currency_id.format(self.amount),
            )
        )
        return result
