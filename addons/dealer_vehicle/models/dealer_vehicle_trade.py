from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DealerVehicle(models.Model):
    """How a car is bought, sold and handed over."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    # === PRODUCT AND SERIAL NUMBER ===
    def _get_default_policy(self):
        """Product policy of a car that has no product yet."""
        self.ensure_one()
        return "shared" if self.kind in ("new", "demo") else "own"

    def _get_or_create_product(self, policy=None):
        """Products that the cars are traded as; made when they do not exist yet.

        :param policy: shared, own or consigned; by default new and demo cars share the product
            of their trim and used cars have their own
        """
        lacking = self.filtered(
            lambda car: not car.product_id or policy not in (None, car.product_policy)
        )
        lacking._check_product_free_to_change()
        # sudo: buyers and salespeople may not create products
        for (car_policy, model), cars in (
            lacking.sudo()
            .grouped(lambda car: (policy or car._get_default_policy(), car.model_id))
            .items()
        ):
            if car_policy == "shared":
                cars.write({"product_id": model._dealer_get_or_create_product().id})
                continue
            products = cars.env["product.product"].create(
                [car._prepare_product_vals(car_policy) for car in cars]
            )
            for car, product in zip(cars, products, strict=True):
                car.product_id = product
        return self.product_id

    def _check_product_free_to_change(self):
        """A car in the stock records keeps its product: its accounts are found by it."""
        for vehicle in self.filtered("lot_id"):
            raise UserError(
                self.env._(
                    "%(car)s is in the stock records as %(product)s and cannot be traded as"
                    " something else.",
                    car=vehicle.display_name,
                    product=vehicle.product_id.display_name,
                )
            )

    # === TRIM ===
    def _check_trim_free_to_change(self):
        """What a car is traded as follows its trim: papers and stock records name both.

        Only the product of a used car is that car's alone and can follow. Managers may correct its
        trim while it stands here unsold.
        """
        for vehicle in self.sudo():  # sudo: orders and serial numbers of others count, too
            line = vehicle.sale_line_ids.filtered("dealer_vehicle_held")[:1]
            line = line or vehicle.purchase_line_ids.filtered("dealer_vehicle_expected")[:1]
            if line:
                raise UserError(
                    self.env._(
                        "The trim of %(car)s cannot be changed: order %(order)s was made for it."
                        " Exchange the car on that order, or cancel the order first.",
                        car=vehicle.display_name,
                        order=line.order_id.name,
                    )
                )
            if vehicle.lot_id and not vehicle._dealer_may_correct_trim():
                raise UserError(
                    self.env._(
                        "The trim of %(car)s cannot be changed any more: the car is in the stock"
                        " records as %(product)s. Return it to its vendor and receive it as what"
                        " it is; only the trim of a used car in stock can be corrected, by a"
                        " manager.",
                        car=vehicle.display_name,
                        product=vehicle.product_id.display_name,
                    )
                )

    def _dealer_may_correct_trim(self):
        """Whether the user may say that this used car in stock is another trim."""
        self.ensure_one()
        user = self.env.user
        return (
            self.status == "in_stock"
            and self.product_policy in ("own", "consigned")
            and (
                user.has_group("dealer_base.group_sales_manager")
                or user.has_group("dealer_base.group_usedcar_manager")
            )
        )

    def _dealer_follow_trim(self):
        """Trade cars whose trim was changed as what they are now."""
        # sudo: who edits cars need not create products
        for vehicle in self.sudo().filtered("product_id"):
            if vehicle.product_policy == "shared":
                vehicle.product_id = vehicle.model_id._dealer_get_or_create_product()
            else:
                names = vehicle._prepare_product_vals(vehicle.product_policy)
                vehicle.product_id.name = names["name"]
            if vehicle.lot_id:
                vehicle.message_post(
                    body=self.env._("Trim corrected: %(trim)s", trim=vehicle.model_id.display_name)
                )

    def _prepare_product_vals(self, policy):
        """Values of the product of this one car."""
        self.ensure_one()
        vals = self.model_id._dealer_prepare_product_vals(policy)
        vals.update(
            name=" ".join(filter(None, (vals["name"], (self.vin or "")[-8:]))),
            list_price=self.model_id._dealer_price_without_tax(self.list_price),
        )
        return vals

    def _prepare_lot_vals(self, product=None, number=None):
        """Values of the serial number of the car.

        :param number: serial number typed at receipt, for a car whose VIN was not known
        """
        self.ensure_one()
        return {
            "name": self.vin or number,
            "product_id": (product or self._get_or_create_product()).id,
        }

    def _dealer_set_lot(self, lot):
        """Take over the serial number under which the car was received."""
        self.ensure_one()
        if self.lot_id == lot:
            return
        if self.lot_id:
            raise UserError(
                self.env._(
                    "%(car)s already has the serial number %(number)s.",
                    car=self.display_name,
                    number=self.lot_id.name,
                )
            )
        vals = {"lot_id": lot.id}
        if not self.vin:
            vals["vin"] = lot.name
        if self.product_id != lot.product_id:
            vals["product_id"] = lot.product_id.id
        self.sudo().write(vals)  # sudo: stock users of other kinds may not edit cars

    @api.model
    def _find_or_create(self, vin, vals=None):
        """The car with this VIN, made from ``vals`` when nobody knows it yet."""
        vin = self._normalize_vin(vin)
        vehicle = self.with_context(active_test=False).search([("vin", "=", vin)], limit=1)
        return vehicle or self.create(dict(vals or {}, vin=vin))

    @api.model
    def _fill_line_products(self, vals_list, quantity):
        """Order line vals in which each car brings its product (and quantity one)."""
        ids = [vals["dealer_vehicle_id"] for vals in vals_list if vals.get("dealer_vehicle_id")]
        if not ids:
            return vals_list
        vehicles = {vehicle.id: vehicle for vehicle in self.browse(ids)}
        filled = []
        for vals in vals_list:
            if vals.get("dealer_vehicle_id") and not vals.get("product_id"):
                product = vehicles[vals["dealer_vehicle_id"]]._get_or_create_product()
                vals = {quantity: 1, **vals, "product_id": product.id}
            filled.append(vals)
        return filled

    @api.model
    def _get_line_error(self, lines):
        """Why an order line cannot be about its car and its product at once, else nothing.

        Stock moves and accounts follow the product, everything that we say about the car follows
        the car: a line with a car and a floor mat would deliver the mat and sell the car.
        """
        for line in lines.sudo():  # sudo: the car may stand in another company
            vehicle = line.dealer_vehicle_id
            if vehicle and line.product_id != vehicle.product_id:
                return self.env._(
                    "The line for %(car)s is about the product %(other)s, but the car is traded as"
                    " %(product)s. Choose the car again, or take it off the line.",
                    car=vehicle.display_name,
                    other=line.product_id.display_name or "-",
                    product=vehicle.product_id.display_name or "-",
                )
        return None

    def _get_document_description(self):
        """How orders name the car: VIN (or plate) and colour."""
        self.ensure_one()
        parts = []
        if self.vin:
            parts.append(self.env._("VIN %(vin)s", vin=self.vin))
        elif self.license_plate:
            parts.append(self.license_plate)
        if self.exterior_color_id:
            parts.append(self.exterior_color_id.name)
        return ", ".join(parts)

    # === SALE ===
    def _get_sale_error(self, held_lines, company=None):
        """Why these cars cannot be sold now, else nothing.

        :param held_lines: order lines of other orders that hold one of the cars
        :param company: company that sells
        """
        for line in held_lines:
            return self.env._(
                "%(car)s is reserved by order %(order)s (%(person)s). Choose another car, or ask"
                " for it to be released from that order.",
                car=line.dealer_vehicle_id.display_name,
                order=line.order_id.name,
                person=line.order_id.user_id.name or "-",
            )
        for vehicle in self.sudo():  # sudo: the car may stand in another company
            error = vehicle._get_company_error(company) or vehicle._get_decision_error()
            if error:
                return error
        return None

    def _get_company_error(self, company=None):
        """Why the car is not this company's to sell, else nothing.

        A new car may be sold before it is ordered from the factory.
        """
        self.ensure_one()
        if self.status in ("sold", "left"):
            return self.env._(
                "%(car)s is not ours any more. Choose another car, or buy it back first.",
                car=self.display_name,
            )
        if self.status == "customer" and self.kind == "customer":
            return self.env._(
                "%(car)s is a customer's car. Buy it first, or receive it on consignment.",
                car=self.display_name,
            )
        if not company or not self.company_id or self.company_id == company:
            return None
        if self.status == "on_order":
            return self.env._(
                "%(car)s is on its way to %(company)s. Buy it from there first.",
                car=self.display_name,
                company=self.company_id.name,
            )
        if self.location_id:
            return self.env._(
                "%(car)s stands in the stock of %(company)s. Buy it from there first.",
                car=self.display_name,
                company=self.company_id.name,
            )
        return None

    def _get_decision_error(self):
        """Why nobody may sell the car for the time being, else nothing."""
        self.ensure_one()
        if self.blocked:
            return self.env._(
                "%(car)s is blocked (%(reason)s) and cannot be sold.",
                car=self.display_name,
                reason=self.block_reason or self.env._("no reason given"),
            )
        if not self.for_sale:
            return self.env._(
                "%(car)s is not for sale. Choose another car, or ask a manager to offer it.",
                car=self.display_name,
            )
        return None

    def action_create_quotation(self):
        """Start a quotation for these cars and open it."""
        self.env["sale.order"].check_access("create")  # before products are made for the cars
        for vehicle in self:
            error = vehicle._get_sale_error(self.env["sale.order.line"])
            if error:
                raise UserError(error)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_order_line": [
                    Command.create(vehicle._prepare_sale_line_vals()) for vehicle in self
                ]
            },
        }

    def _prepare_sale_line_vals(self):
        """Order line that sells this car."""
        self.ensure_one()
        return {
            "dealer_vehicle_id": self.id,
            "product_id": self._get_or_create_product().id,
            "product_uom_qty": 1,
        }

    def _prepare_purchase_line_vals(self, price=0.0):
        """Order line that buys this car."""
        self.ensure_one()
        return {
            "dealer_vehicle_id": self.id,
            "product_id": self._get_or_create_product().id,
            "product_qty": 1,
            "price_unit": price,
        }

    def action_create_purchase(self):
        """Start a purchase order for these cars and open it (arrival, trade-in, buy-back)."""
        self.env["purchase.order"].check_access("create")  # before products are made
        context = {
            "default_order_line": [
                Command.create(vehicle._prepare_purchase_line_vals()) for vehicle in self
            ]
        }
        if len(self) == 1 and self.partner_id:
            context["default_partner_id"] = self.partner_id.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase"),
            "res_model": "purchase.order",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": context,
        }

    # === CONSIGNMENT ===
    def _receive_consigned(self, warehouse, owner=None, location=None):
        """Receipt of a car that somebody leaves with us to be sold.

        The car stays its owner's: it has no value in our books and no purchase order. When it is
        sold, settle with a late-cost bill of the owner, which is then the cost of the sale.

        :return: the transfer, ready to be validated
        """
        self.ensure_one()
        owner = owner or self.partner_id
        if not owner:
            raise UserError(self.env._("Say first who owns %(car)s.", car=self.display_name))
        if owner != self.partner_id:
            self._dealer_set_owner(owner, fields.Date.context_today(self))
        product = self._get_or_create_product(policy="consigned")
        lot = self.lot_id or self.env["stock.lot"].create(self._prepare_lot_vals(product))
        self._dealer_set_lot(lot)
        picking_type = warehouse.in_type_id
        supplier = owner.property_stock_supplier
        went_to = lot.location_id
        source = went_to if went_to and not went_to._should_be_valued() else supplier
        destination = location or warehouse.lot_stock_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "partner_id": owner.id,
                "owner_id": owner.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "product_uom": product.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        line = picking.move_ids.move_line_ids or self.env["stock.move.line"].create(
            dict(picking.move_ids._prepare_move_line_vals(quantity=1))
        )
        line.write({"lot_id": lot.id, "owner_id": owner.id, "quantity": 1})
        return picking

    # === BACK FROM A CUSTOMER ===
    def _dealer_came_back(self):
        """A car that was handed over, or registered, comes to us as a used car.

        Returned or bought back makes no difference, as in the import of arrivals: the next
        customer must not get as new what somebody had before him (a car is used from its
        registration on: Measures for the Circulation of Used Automobiles, Article 2). The product
        of its serial number stays, since its cost is found by it. It is offered again without a
        price, the guide price being that of a new car: a manager sets one (activity), and makes it
        a new car again when it was never registered or driven, such as after a delivery by
        mistake.
        """
        # sudo: stock keepers receive cars, these decisions are not theirs
        cars = self.sudo().filtered(lambda car: car.kind != "used")
        cars.write({"kind": "used", "asking_price": 0})
        for car in cars:
            store = car.warehouse_id
            user = (store and store._dealer_get_stock_user()) or self.env.user
            told = user._dealer_tell(car)
            told.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=told.env._("Back from the customer: inspect the car and set its price"),
                note=told.env._(
                    "The car is a used car now and has no price. Set the price that we ask. Make"
                    " it a new car again only if it was neither registered nor driven."
                ),
            )

    # === OWNERS ===
    def _dealer_set_owner(self, partner, date, source="manual", sale_line=None):
        """Make somebody the owner from a day on; the owner before ends on that day."""
        self._dealer_end_ownership(date)
        # sudo: stock keepers hand cars over, the history is not theirs to edit
        self.env["dealer.vehicle.owner"].sudo().create(
            [
                {
                    "vehicle_id": vehicle.id,
                    "partner_id": partner.id,
                    "role": "owner",
                    "date_from": date,
                    "source": source,
                    "sale_line_id": sale_line.id if sale_line else False,
                }
                for vehicle in self
            ]
        )

    def _dealer_end_ownership(self, date):
        """End the present ownership of the cars."""
        # sudo: see _dealer_set_owner
        present = self.sudo().owner_ids.filtered(lambda o: o.role == "owner" and not o.date_to)
        if present:
            present.date_to = date

    # === FACTS ===
    def _dealer_has_stock_value(self):
        """Whether the car stands in our stock and in our books."""
        self.ensure_one()
        if self.status not in ("in_stock", "reserved"):
            return False
        quants = self.sudo().lot_id.quant_ids  # sudo: accountants may not read quants
        return not any(
            quant.quantity > 0 and quant._should_exclude_for_valuation() for quant in quants
        )

    def _dealer_facts_changed(self):
        """Stock moves of the cars were posted: look again at dates and costs of quotations."""
        if not self:
            return
        for name in ("date_in", "date_out"):
            self.env.add_to_compute(self._fields[name], self)
        self.invalidate_recordset(["days_in_stock", "age_band"], flush=False)
        self.sudo()._dealer_refresh_sale_costs()  # sudo: orders of other salespeople

    # === OPEN DOCUMENTS ===
    def _action_view_documents(self, kind, model, name):
        ids = set().union(*self._get_document_ids()[kind].values())
        return self.env[model].browse(sorted(ids))._get_records_action(name=name)

    def action_view_sale_orders(self):
        """Open the deals of the cars."""
        return self._action_view_documents("sale_order", "sale.order", self.env._("Deals"))

    def action_view_purchase_orders(self):
        """Open the purchases of the cars."""
        return self._action_view_documents(
            "purchase_order", "purchase.order", self.env._("Purchases")
        )

    def action_view_pickings(self):
        """Open receipts, transfers and deliveries of the cars."""
        return self._action_view_documents("picking", "stock.picking", self.env._("Transfers"))

    def action_view_invoices(self):
        """Open invoices, bills and entries that name the cars."""
        return self._action_view_documents("invoice", "account.move", self.env._("Invoices"))
