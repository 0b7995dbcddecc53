from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.dealer_base.tools.identifiers import check_vin, normalize_plate, normalize_vin

STATUSES = [
    ("on_order", "On order"),
    ("in_stock", "In stock"),
    ("reserved", "Reserved"),
    ("sold", "Sold"),
    ("left", "Left otherwise"),
    ("customer", "Not ours"),
]
# Read from stock, orders and owners: nobody writes them, by whatever client he comes.
FACTS = {
    "age_band",
    "company_id",
    "date_in",
    "date_out",
    "days_in_stock",
    "is_in_transit",
    "location_id",
    "lot_id",
    "partner_id",
    "purchase_line_id",
    "sale_line_id",
    "status",
    "warehouse_id",
}
# Statuses of cars that are in our books, or soon will be.
OURS = ("on_order", "in_stock", "reserved")
# Words that the search box looks for one by one; the last one takes the rest of the text.
MAX_SEARCH_WORDS = 6
# upper limits in days of the stock age bands, the last band is open
AGE_BANDS = [("30", 30), ("60", 60), ("90", 90), ("180", 180), ("over", None)]


class DealerVehicle(models.Model):
    """One car in the world, for life: ours, a customer's, new or used.

    The car owns at most one lot, which is its life in our books. Where it stands, what it cost
    and who gets it are read from stock and orders; nobody writes a status.
    """

    _name = "dealer.vehicle"
    _description = "Vehicle"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_in desc, id desc"
    _rec_names_search = [
        "vin",
        "license_plate",
        "model_id.name",
        "series_id.name",
        "brand_id.name",
        "partner_id.name",
    ]

    # === IDENTITY ===
    vin = fields.Char(
        string="VIN", index="trigram", copy=False, help="Empty for a car ordered from the factory."
    )
    license_plate = fields.Char(index="trigram", copy=False)
    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", required=True, ondelete="restrict", index=True
    )
    brand_id = fields.Many2one(
        string="Brand", related="model_id.brand_id", store=True, precompute=True, index=True
    )
    series_id = fields.Many2one(
        related="model_id.dealer_series_id", store=True, precompute=True, index="btree_not_null"
    )
    exterior_color_id = fields.Many2one(
        "product.attribute.value",
        domain=lambda self: self._dealer_color_domain("exterior"),
        ondelete="restrict",
        index="btree_not_null",
    )
    interior_color_id = fields.Many2one(
        "product.attribute.value",
        domain=lambda self: self._dealer_color_domain("interior"),
        ondelete="restrict",
        index="btree_not_null",
    )
    key_number = fields.Char(copy=False)
    engine_number = fields.Char(copy=False)
    motor_number = fields.Char(copy=False, help="Number of the electric drive motor.")
    certificate_number = fields.Char(
        copy=False, help="Number of the manufacturer's certificate (合格证)."
    )
    registration_certificate_number = fields.Char(
        copy=False, help="Number of the motor vehicle registration certificate (登记证书)."
    )
    production_date = fields.Date()
    first_registration_date = fields.Date(copy=False)
    model_year = fields.Integer()
    kind = fields.Selection(
        [
            ("new", "New car"),
            ("used", "Used car"),
            ("demo", "Demo car"),
            ("customer", "Customer's car"),
        ],
        required=True,
        default="new",
        index=True,
    )
    tag_ids = fields.Many2many("fleet.vehicle.tag", string="Tags")
    properties = fields.Properties(definition="series_id.properties_definition", copy=True)
    active = fields.Boolean(default=True, compute="_compute_active", store=True, readonly=False)
    note = fields.Html()

    # === TRADE ===
    product_id = fields.Many2one(
        "product.product", string="Traded As", ondelete="restrict", index="btree_not_null"
    )
    product_policy = fields.Selection(related="product_id.categ_id.dealer_product_policy")
    lot_id = fields.Many2one(
        "stock.lot", string="Serial Number", readonly=True, copy=False, ondelete="restrict"
    )
    asking_price = fields.Monetary(
        help="Tax included. Empty: the guide price of the trim is asked for a new car. A used car"
        " has no other price than this one."
    )
    list_price = fields.Monetary(
        string="Price Asked", compute="_compute_list_price", help="Tax included."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    for_sale = fields.Boolean(default=True)
    blocked = fields.Boolean(tracking=True, help="A blocked car can be neither sold nor delivered.")
    block_reason = fields.Char()
    owner_ids = fields.One2many("dealer.vehicle.owner", "vehicle_id", string="Owners", copy=False)
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner",
        compute="_compute_partner_id",
        store=True,
        index="btree_not_null",
    )

    # === PHOTOS, PAPERS, READINGS ===
    odometer_ids = fields.One2many("dealer.vehicle.odometer", "vehicle_id", copy=False)
    odometer = fields.Integer(
        string="Odometer (km)", compute="_compute_odometer", inverse="_inverse_odometer", store=True
    )
    photo_ids = fields.One2many("dealer.vehicle.photo", "vehicle_id", copy=False)
    missing_slot_ids = fields.Many2many(
        "dealer.photo.slot", string="Missing Photos", compute="_compute_missing_slot_ids"
    )
    document_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Documents",
        domain=[("res_model", "=", "dealer.vehicle"), ("res_field", "=", False)],
        copy=False,
    )

    # === FACTS ===
    status = fields.Selection(STATUSES, compute="_compute_status", store=True, index=True)
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        compute="_compute_location_id",
        store=True,
        index="btree_not_null",
        group_expand="_group_expand_location_id",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        compute="_compute_location_id",
        store=True,
        index="btree_not_null",
    )
    is_in_transit = fields.Boolean(
        string="In Transit",
        compute="_compute_location_id",
        store=True,
        help="On the road between two stores: ours, and in the yard of neither.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index="btree_not_null"
    )
    date_in = fields.Date(
        string="In Stock Since", compute="_compute_dates", store=True, index="btree_not_null"
    )
    date_out = fields.Date(string="Left On", compute="_compute_dates", store=True)
    days_in_stock = fields.Integer(compute="_compute_days_in_stock", search="_search_days_in_stock")
    age_band = fields.Selection(
        [
            ("30", "Up to 30 days"),
            ("60", "31 to 60 days"),
            ("90", "61 to 90 days"),
            ("180", "91 to 180 days"),
            ("over", "Over 180 days"),
        ],
        compute="_compute_days_in_stock",
        search="_search_age_band",
    )
    purchase_line_ids = fields.One2many("purchase.order.line", "dealer_vehicle_id")
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Purchase",
        compute="_compute_purchase_line_id",
        store=True,
        index="btree_not_null",
    )
    sale_line_ids = fields.One2many("sale.order.line", "dealer_vehicle_id")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sale",
        compute="_compute_sale_line_id",
        store=True,
        index="btree_not_null",
    )
    vin_warning = fields.Char(string="VIN Warning", compute="_compute_vin_warning")
    sale_order_count = fields.Integer(compute="_compute_document_counts")
    purchase_order_count = fields.Integer(compute="_compute_document_counts")
    picking_count = fields.Integer(compute="_compute_document_counts")
    invoice_count = fields.Integer(compute="_compute_document_counts")

    _vin_unique = models.UniqueIndex(
        "(vin) WHERE vin IS NOT NULL",
        "There is already a car with this VIN. Open that car instead of making a second one.",
    )
    _lot_unique = models.UniqueIndex(
        "(lot_id) WHERE lot_id IS NOT NULL", "This serial number belongs to another car."
    )
    _order_index = models.Index("(date_in DESC, id DESC)")
    _asking_price_positive = models.Constraint(
        "CHECK(asking_price >= 0)",
        "The price asked for a car cannot be negative. Leave it empty to ask the guide price.",
    )

    # === COMPUTES ===
    @api.model
    def _dealer_color_attribute(self, side):
        """Attribute that holds the colours of one side ("exterior" or "interior")."""
        return self.env.ref(f"dealer_vehicle.product_attribute_{side}_color")

    @api.model
    def _dealer_color_domain(self, side):
        """Colours to choose from for one side ("exterior" or "interior")."""
        return [("attribute_id", "=", self._dealer_color_attribute(side).id)]

    @api.depends("vin", "license_plate", "model_id.name", "brand_id.name")
    def _compute_display_name(self):
        for vehicle in self:
            number = vehicle.license_plate or vehicle.vin and f"…{vehicle.vin[-8:]}"
            trim = vehicle.model_id.name or ""
            brand = vehicle.brand_id.name or ""
            # catalogues often repeat the brand in the trim
            names = [brand not in trim and brand, trim, number]
            vehicle.display_name = " ".join(name for name in names if name)

    @api.model
    def _search_display_name(self, operator, value):
        """One box: part of the VIN or plate, the brand, series or trim, or the owner.

        Of several words one may be a number or an owner, the others say the trim: "series
        last-digits" finds one car.
        """
        patterns = ("ilike", "like", "=ilike", "=like")
        if operator not in patterns or not isinstance(value, str) or not value:
            return super()._search_display_name(operator, value)
        words = [value]
        if operator in ("ilike", "like"):
            # "…" stands before the last digits of the VIN in our own names
            text = value.replace("…", " ").strip()
            words = text.split(maxsplit=MAX_SEARCH_WORDS - 1) or words
        # sudo: only ids of cars come back, the rules of cars then apply to these
        everything = self.sudo().with_context(active_test=False)
        found = SQL(" UNION ").join(
            everything._search(alternative, order="id").subselect()
            for alternative in everything._get_box_alternatives(operator, value, words)
        )
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), found)
        )

    @api.model
    def _get_box_alternatives(self, operator, value, words):
        """Domains of the cars that somebody may mean, each with an index of its own.

        One condition with all alternatives would make PostgreSQL read every car (0.5 s with
        100,000 of them).
        """
        alternatives = [self._get_trim_domain(operator, words)]
        for number, word in enumerate(words):
            others = words[:number] + words[number + 1 :]
            trim = self._get_trim_domain(operator, others) if others else Domain.TRUE
            alternatives += [
                Domain(path, operator, text) & trim for path, text in self._get_own_terms(word)
            ]
        if len(words) > 1:  # a VIN, plate or owner's name may be typed with blanks
            alternatives += [
                Domain(path, operator, text) for path, text in self._get_own_terms(value)
            ]
        return alternatives

    @api.model
    def _get_own_terms(self, text):
        """Fields that tell one car from others of its trim, with what to look for in them."""
        paths = ("vin", "license_plate")
        terms = [(path, text) for path in (*paths, "partner_id.name")]
        compact = normalize_vin(text)
        if compact and compact != text.upper():
            terms += [(path, compact) for path in paths]
        return terms

    @api.model
    def _get_trim_domain(self, operator, words):
        """Domain of the cars whose brand, series and trim together have all words.

        Trims are few: they are found first, then their cars by the index of the trim.
        """
        paths = ("name", "dealer_series_id.name", "brand_id.name")
        trims = self.env["fleet.vehicle.model"]._search(
            Domain.AND(Domain.OR(Domain(path, operator, word) for path in paths) for word in words)
        )
        return Domain("model_id", "in", trims)

    @api.depends("status")
    def _compute_active(self):
        """A car that was archived and comes (back) to us is shown again."""
        for vehicle in self:
            vehicle.active = vehicle.active or vehicle.status in OURS

    @api.depends("asking_price", "currency_id", "kind", "model_id.dealer_guide_price_ids.price")
    @api.depends_context("company")
    def _compute_list_price(self):
        """The guide price is that of a new car: nobody asks it for a used one."""
        for vehicle in self:
            price = vehicle.asking_price
            if not price and vehicle.kind != "used":
                price = vehicle.model_id._dealer_get_guide_price(vehicle.currency_id)
            vehicle.list_price = price

    @api.depends_context("company")
    @api.depends("company_id")
    def _compute_currency_id(self):
        for vehicle in self:
            # sudo: the car may stand in a company that the reader cannot open
            vehicle.currency_id = (vehicle.sudo().company_id or self.env.company).currency_id

    @api.depends("owner_ids.partner_id", "owner_ids.role", "owner_ids.date_to")
    def _compute_partner_id(self):
        for vehicle in self:
            owners = vehicle.owner_ids.filtered(lambda o: o.role == "owner" and not o.date_to)
            vehicle.partner_id = owners[:1].partner_id

    @api.depends("odometer_ids.value", "odometer_ids.date")
    def _compute_odometer(self):
        for vehicle in self:
            latest = vehicle.odometer_ids.sorted(lambda r: (r.date, r.id or 0))[-1:]
            vehicle.odometer = latest.value

    def _inverse_odometer(self):
        self.env["dealer.vehicle.odometer"].create(
            [
                {"vehicle_id": vehicle.id, "value": vehicle.odometer}
                for vehicle in self
                if vehicle.odometer
            ]
        )

    @api.depends("photo_ids.slot_id")
    def _compute_missing_slot_ids(self):
        required = self.env["dealer.photo.slot"].search([("is_required", "=", True)])
        for vehicle in self:
            vehicle.missing_slot_ids = required - vehicle.photo_ids.slot_id

    @api.depends(
        "lot_id.location_id.usage",
        "lot_id.quant_ids",
        "purchase_line_ids.dealer_vehicle_expected",
        "sale_line_ids.dealer_vehicle_held",
    )
    def _compute_status(self):
        """Where the car is in its trade, from the place of its lot and its open orders."""
        for vehicle in self:
            vehicle.status = vehicle._get_status()

    def _get_status(self):
        """Status of one car; see ``STATUSES``."""
        self.ensure_one()
        place = self.lot_id.location_id
        if place and place._should_be_valued():
            held = any(self.sale_line_ids.mapped("dealer_vehicle_held"))
            return "reserved" if held else "in_stock"
        if any(self.purchase_line_ids.mapped("dealer_vehicle_expected")):
            return "on_order"
        if place.usage in ("customer", "transit"):  # transit: on its way to a sister company
            return "sold"
        return "left" if self.lot_id else "customer"

    @api.depends("lot_id.location_id.warehouse_id", "lot_id.location_id.usage")
    def _compute_location_id(self):
        for vehicle in self:
            location = vehicle.lot_id.location_id
            inside = location and location._should_be_valued()
            vehicle.location_id = location if inside else False
            vehicle.warehouse_id = location.warehouse_id if inside else False
            vehicle.is_in_transit = bool(inside and location.usage == "transit")

    @api.model
    def _group_expand_location_id(self, locations, domain):
        """On the board the empty places of a store are seen beside those with cars."""
        places = locations.search(
            [
                ("warehouse_id", "in", locations.warehouse_id.ids),
                ("dealer_place_type", "!=", False),
            ]
        )
        return (locations | places).sorted("complete_name")

    @api.depends("location_id", "purchase_line_id", "sale_line_id")
    def _compute_company_id(self):
        """Company in whose books the car is, will be, or was last."""
        for vehicle in self:
            vehicle.company_id = (
                vehicle.location_id.company_id
                or vehicle.purchase_line_id.filtered("dealer_vehicle_expected").company_id
                or vehicle.sale_line_id.company_id
                or vehicle.purchase_line_id.company_id
            )

    @api.depends("lot_id", "location_id")
    def _compute_dates(self):
        """First and last day of the present, or latest, stay in our stock.

        Stock moves cannot be reached by a dependency; ``stock.move._action_done`` asks for a
        recomputation after it has posted moves of the car.
        """
        stays = self._get_stays()
        for vehicle in self:
            vehicle.date_in, vehicle.date_out = stays.get(vehicle.lot_id.id, (False, False))

    def _get_stays(self):
        """Days of the latest arrival and of the departure after it, by lot id."""
        lot_ids = self.lot_id.ids
        if not lot_ids:
            return {}
        # the same test as stock.location._should_be_valued
        inside = {
            side: SQL(
                "(%(usage)s IN ('internal', 'transit') AND %(company)s IS NOT NULL)",
                usage=SQL.identifier(side, "usage"),
                company=SQL.identifier(side, "company_id"),
            )
            for side in ("source", "dest")
        }
        self.env["stock.move"].flush_model(["state", "is_in", "date"])
        self.env["stock.move.line"].flush_model(["lot_id", "move_id", "location_id"])
        rows = self.env.execute_query(
            SQL(
                """
                  SELECT line.lot_id,
                         MAX(move.date) FILTER (WHERE %(into)s),
                         MAX(move.date) FILTER (WHERE %(out_of)s),
                         (ARRAY_AGG(%(into)s ORDER BY move.date DESC, move.id DESC))[1]
                    FROM stock_move_line line
                    JOIN stock_move move ON move.id = line.move_id
                    JOIN stock_location source ON source.id = line.location_id
                    JOIN stock_location dest ON dest.id = line.location_dest_id
                   WHERE line.lot_id IN %(lots)s AND move.state = 'done'
                     AND (%(into)s OR %(out_of)s)
                GROUP BY line.lot_id
                """,
                lots=tuple(lot_ids),
                into=SQL("%s AND NOT %s", inside["dest"], inside["source"]),
                out_of=SQL("%s AND NOT %s", inside["source"], inside["dest"]),
            )
        )
        stays = {}
        for lot_id, came, left, is_inside in rows:
            day_in = came and fields.Datetime.context_timestamp(self, came).date()
            day_out = not is_inside and fields.Datetime.context_timestamp(self, left).date()
            stays[lot_id] = (day_in, day_out)
        return stays

    @api.depends("date_in", "date_out")
    def _compute_days_in_stock(self):
        today = fields.Date.context_today(self)
        for vehicle in self:
            days = 0
            if vehicle.date_in:
                days = ((vehicle.date_out or today) - vehicle.date_in).days
            vehicle.days_in_stock = days
            band = next(code for code, limit in AGE_BANDS if limit is None or days <= limit)
            in_stock = vehicle.date_in and not vehicle.date_out
            vehicle.age_band = band if in_stock else False

    @api.model
    def _search_days_in_stock(self, operator, value):
        """Days in stock of the cars that are in stock, turned into a date of arrival."""
        reverse = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        if operator not in reverse:
            return NotImplemented
        day = fields.Date.context_today(self) - timedelta(days=int(value))
        return Domain("date_in", reverse[operator], day) & Domain("date_out", "=", False)

    @api.model
    def _search_age_band(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains, lower = [], None
        for code, limit in AGE_BANDS:
            if code in value:
                domain = Domain("date_in", "!=", False) & Domain("date_out", "=", False)
                if lower is not None:
                    domain &= Domain("date_in", "<", today - timedelta(days=lower))
                if limit is not None:
                    domain &= Domain("date_in", ">=", today - timedelta(days=limit))
                domains.append(domain)
            lower = limit
        return Domain.OR(domains)

    @api.depends("purchase_line_ids.state", "purchase_line_ids.dealer_vehicle_expected")
    def _compute_purchase_line_id(self):
        """The open purchase, else the latest one that was not cancelled."""
        for vehicle in self:
            lines = vehicle.purchase_line_ids.filtered(lambda line: line.state != "cancel")
            expected = lines.filtered("dealer_vehicle_expected")
            vehicle.purchase_line_id = (expected or lines).sorted("id")[-1:]

    @api.depends("sale_line_ids.state", "sale_line_ids.dealer_vehicle_held")
    def _compute_sale_line_id(self):
        """The order that holds the car, else the latest confirmed one."""
        for vehicle in self:
            lines = vehicle.sale_line_ids.filtered(lambda line: line.state == "sale")
            held = lines.filtered("dealer_vehicle_held")
            vehicle.sale_line_id = (held or lines).sorted("id")[-1:]

    @api.depends("vin")
    def _compute_vin_warning(self):
        """What looks odd about the VIN; oddities warn, they do not block (imports, old cars)."""
        for vehicle in self:
            problems = check_vin(vehicle.vin) if vehicle.vin else []
            vehicle.vin_warning = " ".join(
                str(vehicle._get_vin_problem_text(problem)) for problem in problems
            )

    def _get_vin_problem_text(self, problem):
        """Text for one ``Problem`` of ``check_vin``."""
        texts = {
            "length": self.env._("It has %(length)s characters instead of 17."),
            "alphabet": self.env._("No VIN has these characters: %(characters)s."),
            "check_digit": self.env._("The check digit (position 9) should be %(expected)s."),
            "model_year": self.env._("%(character)s (position 10) is no model year."),
            "serial": self.env._("The serial number %(serial)s should be digits."),
            "maker": self.env._("The maker %(wmi)s is not known."),
        }
        return texts.get(problem.code, problem.code) % problem.params

    def _compute_document_counts(self):
        """Numbers on the smart buttons, one grouped query for each kind of document."""
        documents = self._get_document_ids()
        for vehicle in self:
            for kind in ("sale_order", "purchase_order", "picking", "invoice"):
                vehicle[f"{kind}_count"] = len(documents[kind].get(vehicle.id, ()))

    def _get_document_ids(self):
        """Ids of orders, receipts, deliveries and invoices by kind and vehicle id."""
        ids = tuple(self.ids) or (0,)
        self.env.flush_all()
        queries = {
            "sale_order": SQL(
                "SELECT dealer_vehicle_id, array_agg(DISTINCT order_id) FROM sale_order_line"
                " WHERE dealer_vehicle_id IN %s GROUP BY 1",
                ids,
            ),
            "purchase_order": SQL(
                "SELECT dealer_vehicle_id, array_agg(DISTINCT order_id) FROM purchase_order_line"
                " WHERE dealer_vehicle_id IN %s GROUP BY 1",
                ids,
            ),
            "picking": SQL(
                """SELECT vehicle_id, array_agg(DISTINCT picking_id) FROM (
                       SELECT v.id AS vehicle_id, line.picking_id
                         FROM dealer_vehicle v
                         JOIN stock_move_line line ON line.lot_id = v.lot_id
                        WHERE v.id IN %(ids)s
                    UNION ALL
                       SELECT pol.dealer_vehicle_id, move.picking_id
                         FROM purchase_order_line pol
                         JOIN stock_move move ON move.purchase_line_id = pol.id
                        WHERE pol.dealer_vehicle_id IN %(ids)s AND move.state != 'cancel'
                    UNION ALL
                       SELECT sol.dealer_vehicle_id, move.picking_id
                         FROM sale_order_line sol
                         JOIN stock_move move ON move.sale_line_id = sol.id
                        WHERE sol.dealer_vehicle_id IN %(ids)s AND move.state != 'cancel'
                   ) moves WHERE picking_id IS NOT NULL GROUP BY 1""",
                ids=ids,
            ),
            "invoice": SQL(
                """SELECT dealer_vehicle_id, array_agg(DISTINCT move_id)
                     FROM account_move_line
                    WHERE dealer_vehicle_id IN %s GROUP BY 1""",
                ids,
            ),
        }
        return {kind: dict(self.env.execute_query(query)) for kind, query in queries.items()}

    # === CONSTRAINTS ===
    @api.constrains("vin")
    def _check_vin(self):
        """A VIN has 17 characters of the VIN alphabet; all other oddities only warn."""
        for vehicle in self.filtered("vin"):
            blocking = [
                problem
                for problem in check_vin(vehicle.vin)
                if problem.code in ("length", "alphabet")
            ]
            if blocking:
                raise ValidationError(
                    self.env._(
                        "%(vin)s is not a VIN. %(problem)s",
                        vin=vehicle.vin,
                        problem=vehicle._get_vin_problem_text(blocking[0]),
                    )
                )

    # === CRUD ===
    @api.model
    def _normalize_vin(self, vin):
        """VIN the one way we store it, False when there is none."""
        return normalize_vin(vin or "") or False

    @api.model
    def _normalize_numbers(self, vals):
        """Vals with VIN and plate written the one way we store them."""
        vals = dict(vals)
        if "vin" in vals:
            vals["vin"] = self._normalize_vin(vals["vin"])
        if "license_plate" in vals:
            plate = vals["license_plate"] or ""
            vals["license_plate"] = normalize_plate(plate) or False
        return vals

    @api.model
    def default_get(self, fields):
        """Facts have no defaults; a client's, or those of the form it came from, mean others."""
        return super().default_get([name for name in fields if name not in FACTS])

    @api.model_create_multi
    def create(self, vals_list):
        self._check_no_facts(set().union(*vals_list))
        return super().create([self._normalize_numbers(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._normalize_numbers(vals)
        if "vin" in vals:
            self._check_vin_free_to_change(vals["vin"])
        if not vals.get("active", True):
            self._check_free_to_archive()
        changing = self.browse()
        if "model_id" in vals:
            changing = self.filtered(lambda car: car.model_id.id != vals["model_id"])
            changing._check_trim_free_to_change()
        if not self.env.su:  # our own code, when it acts for somebody, has asked already
            self._check_no_facts(vals)
            self._check_may_decide(vals)
            if "product_id" in vals:
                # sudo: the serial number is not for everybody's eyes
                self.sudo().filtered(
                    lambda car: car.product_id.id != vals["product_id"]
                )._check_product_free_to_change()
        result = super().write(vals)
        if "product_id" not in vals:
            changing._dealer_follow_trim()
        return result

    @api.model
    def _check_no_facts(self, names):
        """Refuse facts among the field names that somebody writes."""
        written = sorted(FACTS.intersection(names))
        if written and not self.env.su:
            raise UserError(
                self.env._(
                    'Nobody can write the field "%(field)s" of a car: it follows from stock,'
                    " orders and owners. Receive, move, buy or sell the car instead.",
                    field=self._fields[written[0]]._description_string(self.env),
                )
            )

    def _check_may_decide(self, vals):
        """Anybody may block a car; to release it, or change what we ask for it, is a decision."""
        user = self.env.user
        if user.has_group("dealer_base.group_sales_manager") or user.has_group(
            "dealer_base.group_usedcar_manager"
        ):
            return
        if (
            not vals.get("blocked", True)
            and any(self.mapped("blocked"))
            and not user.has_group("dealer_base.group_stock_keeper")
        ):
            raise UserError(
                self.env._(
                    "Only a manager or a stock keeper may unblock a car. Ask one of them when the"
                    " reason for the block is gone."
                )
            )
        if "kind" in vals and any(car.lot_id and car.kind != vals["kind"] for car in self):
            raise UserError(
                self.env._(
                    "Only a manager may change the kind of a car that is in the stock records:"
                    " its price, taxes and inspections follow from it."
                )
            )
        for name in ("asking_price", "for_sale"):
            if name in vals and any(car[name] != (vals[name] or 0) for car in self):
                raise UserError(
                    self.env._(
                        "Only a manager may change the price that we ask for a car, and whether it"
                        " is for sale. Ask your manager to do so."
                    )
                )

    def _check_free_to_archive(self):
        """A car in our books, or on its way, must be seen in every list."""
        # sudo: whoever archives need not see the company in which the car stands
        for vehicle in self.sudo():
            if vehicle.status not in OURS:
                continue
            status = self._fields["status"].convert_to_export(vehicle.status, vehicle)
            raise UserError(
                self.env._(
                    "%(car)s cannot be archived (%(status)s): it would vanish from the lists while"
                    " it is in the books. Deliver it, return it to the vendor or cancel its order"
                    " first; block it if nobody shall sell it.",
                    car=vehicle.display_name,
                    status=status,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_traded(self):
        """A car with a life in our books can be archived, never deleted."""
        if any(vehicle.lot_id for vehicle in self):
            raise UserError(
                self.env._("A car that was in our stock cannot be deleted. Archive it instead.")
            )

    # === VIN ===
    def _check_vin_free_to_change(self, vin):
        """The VIN of a car that has moved is in papers, invoices and the tax office's files."""
        for vehicle in self:
            if vehicle.vin and vehicle.vin != vin and vehicle.lot_id:
                raise UserError(
                    self.env._(
                        "The VIN of %(car)s cannot be edited any more, because the car has been"
                        " received. A manager can correct it with a reason.",
                        car=vehicle.display_name,
                    )
                )

    def action_open_vin_correction(self):
        """Ask a manager for the right VIN and the reason (button of the form)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct VIN"),
            "res_model": "dealer.vin.correction",
            "view_mode": "form",
            "target": "new",
            "context": {"default_vehicle_id": self.id},
        }

    def action_correct_vin(self, vin, reason):
        """Correct the VIN of a car that has moved (managers only, kept in the chatter)."""
        self.ensure_one()
        if not self.env.user.has_group("dealer_base.group_sales_manager") and not (
            self.env.user.has_group("dealer_base.group_usedcar_manager")
        ):
            raise UserError(self.env._("Only a manager may correct the VIN of a received car."))
        self._correct_vin(vin, reason)
        return True

    def _correct_vin(self, vin, reason):
        """Change VIN and serial number together and say why in the chatter."""
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason for the correction."))
        old = self.vin
        if self._normalize_vin(vin) in (False, old):
            raise UserError(self.env._("Enter the VIN that the car really has."))
        self._write_corrected_vin(vin)
        if self.lot_id:
            self.sudo().lot_id.name = self.vin  # sudo: managers of sales may not edit lots
        self.message_post(
            body=self.env._(
                "VIN corrected from %(old)s to %(new)s: %(reason)s",
                old=old or "-",
                new=self.vin,
                reason=reason,
            )
        )

    def _write_corrected_vin(self, vin):
        """Write the VIN past our own write(), which refuses this to everybody.

        A context key would be a permission that any client can give itself.
        """
        vals = self._normalize_numbers({"vin": vin})
        return super().write(vals)  # pylint: disable=super-method-mismatch
