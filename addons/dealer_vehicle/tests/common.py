"""Golden Cars, its people and the verbs of the trade."""

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

# What must be done before a car may leave has tests of its own (test_desk_…), which switch their
# gate on; everywhere else a delivery is just a delivery.
GATES_OFF = {
    "dealer_price_guard_cost": False,
    "dealer_price_guard_tax": False,
    "dealer_price_without_rule": "free",
    "dealer_gate_purchase": False,
    "dealer_gate_money": "none",
    "dealer_gate_return": False,
    "dealer_gate_pdi": False,
    "dealer_gate_handover": False,
    "dealer_gate_papers": False,
    "dealer_gate_insured": False,
}


class DealerVehicleCommon(TransactionCase):
    """A Chinese company with one store, one trim and the cast.

    Sara sells, Ken keeps the stock, Fred keeps the books, Max manages sales and buys cars,
    Ursula trades used cars, Charlie sells in another company. Every verb is done by the person
    whose job it is and returns its record.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                mail_create_nolog=True,
                no_reset_password=True,
            )
        )
        cls.company = cls._create_company("Golden Cars")
        cls.other_company = cls._create_company("Silver Cars")
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.company = cls.company.with_env(cls.env)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.sara = cls._create_person("sara", "sales_consultant")
        cls.ken = cls._create_person("ken", "stock_keeper")
        cls.fred = cls._create_person("fred", "accountant")
        cls.max = cls._create_person("max", "sales_manager")
        cls.ursula = cls._create_person("ursula", "usedcar_manager")
        cls.charlie = cls._create_person("charlie", "sales_consultant", cls.other_company)
        Partner = cls.env["res.partner"]
        cls.maker = Partner.create({"name": "Golden Works"})
        cls.customer = Partner.create({"name": "Li Ming", "lang": "en_US"})
        cls.other_customer = Partner.create({"name": "Wang Fang", "lang": "en_US"})
        cls.brand = cls.env["fleet.vehicle.model.brand"].create({"name": "Golden"})
        cls.series = cls.env["dealer.vehicle.series"].create(
            {"name": "Lark", "brand_id": cls.brand.id}
        )
        cls.trim = cls._create_trim("Lark 1.5T Comfort", 120000)
        cls.freight = cls.env["product.product"].create(
            {"name": "Freight", "type": "service", "landed_cost_ok": True}
        )
        cls.price_reason = cls.env.ref("dealer_vehicle.dealer_deviation_reason_loyal")
        cls.vin_number = 0

    # === SETTING ===
    @classmethod
    def _create_company(cls, name):
        """A Chinese company with its chart; one that waits in the template of the test databases.

        See ``test_dealer_flows/models.py``; without that addon it is made here, which takes longer.
        """
        xml_id = f"test_dealer_flows.{name.replace(' ', '_').lower()}"
        company = cls.env.ref(xml_id, raise_if_not_found=False)
        if not company:
            company = cls.env["res.company"].create(
                {
                    "name": name,
                    "country_id": cls.env.ref("base.cn").id,
                    "currency_id": cls.env.ref("base.CNY").id,
                }
            )
            cls.env["account.chart.template"].try_loading("cn", company=company, install_demo=False)
        company.write(GATES_OFF)
        if "dealer_customers_owned" in company._fields:  # of dealer_crm
            company.dealer_customers_owned = False
        cls.env.user.company_ids = [Command.link(company.id)]
        return company

    @classmethod
    def _create_person(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"dealer_{login}",
            name=login.title(),
            groups=f"dealer_base.group_{group}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _create_trim(cls, name, guide_price=0):
        return cls.env["fleet.vehicle.model"].create(
            {
                "name": name,
                "brand_id": cls.brand.id,
                "dealer_series_id": cls.series.id,
                "dealer_guide_price_ids": [
                    Command.create({"price": guide_price, "date_from": "2026-01-01"})
                ]
                if guide_price
                else [],
            }
        )

    @classmethod
    def _as(cls, user, record):
        """The record as somebody sees it, in that person's company."""
        return record.with_user(user).with_context(allowed_company_ids=user.company_id.ids)

    @classmethod
    def _account(cls, code):
        return cls.env["account.account"].search(
            [("code", "=like", f"{code}%"), ("company_ids", "in", cls.company.ids)],
            order="code",
            limit=1,
        )

    # === VERBS ===
    @classmethod
    def _new_vin(cls):
        """The next VIN with the right check digit left to chance: it only warns."""
        DealerVehicleCommon.vin_number = cls.vin_number = cls.vin_number + 1
        return f"LGXC16AF4T{cls.vin_number:07d}"

    @classmethod
    def _create_vehicle(cls, **vals):
        return cls.env["dealer.vehicle"].create(
            {"model_id": cls.trim.id, "vin": cls._new_vin(), **vals}
        )

    def _buy(self, vehicle, price=100000, partner=None, user=None):
        """Order a car, or several at once, and confirm."""
        Order = self._as(user or self.max, self.env["purchase.order"])
        order = Order.create(
            {
                "partner_id": (partner or self.maker).id,
                "order_line": [
                    Command.create(
                        {
                            "dealer_vehicle_id": car.id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for car in vehicle
                ],
            }
        )
        order.button_confirm()
        return order

    def _receive(self, order, place=None, user=None):
        picking = self._as(user or self.ken, order.sudo().picking_ids).filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        if place:
            picking.move_line_ids.location_dest_id = place
        return self._validate(picking)

    def _validate(self, picking):
        picking.move_ids.picked = True
        result = picking.button_validate()
        self.assertIs(result, True)
        self.assertEqual(set(picking.mapped("state")), {"done"})
        return picking

    def _bill(self, order, price=None, user=None):
        order = self._as(user or self.fred, order)
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda move: move.state == "draft")
        bill.invoice_date = fields.Date.today()
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        bill.action_post()
        return bill

    def _create_late_cost_bill(self, vehicle, partner, amount, name=None):
        """Draft bill of the accountant for a cost that belongs to one car alone."""
        line = self._as(self.fred, vehicle)._prepare_late_cost_line_vals()
        line.update(price_unit=amount, name=name or line["name"])
        return self._as(self.fred, self.env["account.move"]).create(
            {
                "move_type": "in_invoice",
                "partner_id": partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create(line)],
            }
        )

    def _stock(self, vehicle=None, price=100000, **kwargs):
        """A car that has been bought, received and billed."""
        vehicle = vehicle or self._create_vehicle()
        order = self._buy(vehicle, price, **kwargs)
        self._receive(order)
        self._bill(order)
        return vehicle

    def _add_landed_cost(self, vehicle, amount, user=None):
        cost = self._as(user or self.fred, self.env["stock.landed.cost"]).create(
            {
                "target_model": "vehicle",
                "dealer_vehicle_ids": [Command.set(vehicle.ids)],
                "cost_lines": [
                    Command.create(
                        {
                            "product_id": self.freight.id,
                            "name": "Freight",
                            "price_unit": amount,
                            "split_method": "equal",
                        }
                    )
                ],
            }
        )
        cost.button_validate()
        return cost

    def _quote(self, vehicle, price=None, partner=None, user=None):
        """A quotation that names the cars, at their asking price unless one is given.

        Its prices have a reason, which deals below the price list are asked for.
        """
        Order = self._as(user or self.sara, self.env["sale.order"])
        vals = {"tax_ids": [Command.clear()]}
        if price is not None:
            vals["price_unit"] = price
        return Order.create(
            {
                "partner_id": (partner or self.customer).id,
                "dealer_deviation_reason_id": self.price_reason.id,
                "order_line": [
                    Command.create({"dealer_vehicle_id": car.id, **vals}) for car in vehicle
                ],
            }
        )

    def _sell(self, vehicle, price=110000, **kwargs):
        order = self._quote(vehicle, price, **kwargs)
        order.action_confirm()
        return order

    def _deliver(self, order, user=None):
        """Do every open transfer of the order, one after the other."""
        while pickings := order.sudo().picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        ):
            picking = self._as(user or self.ken, pickings.sorted("id")[:1])
            picking.action_assign()
            self._validate(picking)
            order.invalidate_recordset(["picking_ids"])
        return picking

    def _invoice(self, order, user=None):
        invoice = self._as(user or self.fred, order)._create_invoices()
        invoice.invoice_date = fields.Date.today()
        invoice.action_post()
        return invoice

    def _pay(self, invoice, user=None):
        register = (
            self._as(user or self.fred, self.env["account.payment.register"])
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
        )
        register.action_create_payments()
        return invoice

    def _return(self, picking, user=None):
        """The customer brings the car back."""
        wizard = (
            self._as(user or self.ken, self.env["stock.return.picking"])
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        action = wizard.action_create_returns()
        back = self._as(user or self.ken, self.env["stock.picking"]).browse(action["res_id"])
        return self._validate(back)

    def _credit(self, invoice, user=None):
        """Give the money back: a posted credit note of the invoice."""
        wizard = (
            self._as(user or self.fred, self.env["account.move.reversal"])
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "returned"})
        )
        action = wizard.refund_moves()
        credit = self._as(user or self.fred, self.env["account.move"]).browse(action["res_id"])
        if credit.state == "draft":
            credit.action_post()
        return credit

    # === READING ===
    def _balance(self, moves, code, vehicle=None):
        """Balance of the items on an account, of one car when given."""
        lines = moves.sudo().line_ids.filtered(
            lambda line: line.account_id.with_company(self.company).code.startswith(code)
        )
        if vehicle:
            lines = lines.filtered(lambda line: line.dealer_vehicle_id == vehicle)
        return sum(lines.mapped("balance"))
