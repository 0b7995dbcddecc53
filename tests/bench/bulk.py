"""Fill a database with many cars in seconds: one COPY, then a few INSERT … SELECT.

The rows are those that years of trade leave behind: of every ten cars four stand in a yard with
their cost, six were sold and have an owner. The generator is seeded, so that two runs measure the
same database. It goes past the ORM: stored computed fields are filled with what the ORM would
compute.
"""

import io
import random
from datetime import date, timedelta

from bench.flow import PURCHASE_PRICE, make_vin

SEED = 20261122
CARS_PER_MODEL = 500
YARDS = 50
IN_STOCK = 0.4
TODAY = date(2026, 11, 1)

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN_NAMES = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕"
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PROVINCES = "京沪粤苏浙鲁川渝湘鄂"

COLUMNS = (
    "vin",
    "license_plate",
    "model_id",
    "product_id",
    "location_id",
    "owner",
    "cost",
    "date_in",
    "date_out",
)


def generate(env, vehicles):
    """Create so many vehicles with lot, quant and, when sold, owner; return the count."""
    models = _create_models(env, max(vehicles // CARS_PER_MODEL, 10))
    yards = _create_yards(env)
    env.flush_all()
    cr = env.cr
    cr.execute(
        """
        CREATE TEMPORARY TABLE bench_car (
            id serial PRIMARY KEY, vin varchar, license_plate varchar, model_id integer,
            product_id integer, location_id integer, owner varchar, cost integer,
            date_in date, date_out date,
            lot_id integer DEFAULT nextval('stock_lot_id_seq'),
            partner_id integer DEFAULT nextval('res_partner_id_seq'),
            vehicle_id integer DEFAULT nextval('dealer_vehicle_id_seq')
        ) ON COMMIT DROP
        """
    )
    cr.copy_from(_rows(models, yards, vehicles), "bench_car", columns=COLUMNS)
    cr.execute("ANALYZE bench_car")
    customers = env.ref("stock.stock_location_customers")
    values = {
        "company": env.company.id,
        "customers": customers.id,
        "warehouse": env["stock.warehouse"].search([], limit=1).id,
    }
    for statement in STATEMENTS:
        cr.execute(statement, values)
    env.invalidate_all()
    return vehicles


def _create_models(env, count):
    """Return [(model id, product id)] of new trims, ten of them in each series."""
    brands = env["fleet.vehicle.model.brand"].create(
        [{"name": f"Bulk Brand {number}"} for number in range(10)]
    )
    series = env["dealer.vehicle.series"].create(
        [
            {"name": f"Bulk Series {number}", "brand_id": brands[number % 10].id}
            for number in range(count // 10 or 1)
        ]
    )
    models = env["fleet.vehicle.model"].create(
        [
            {
                "name": f"Bulk Trim {number:04d}",
                "brand_id": series[number % len(series)].brand_id.id,
                "dealer_series_id": series[number % len(series)].id,
            }
            for number in range(count)
        ]
    )
    samples = env["dealer.vehicle"].create(
        [{"model_id": model.id, "kind": "new"} for model in models]
    )
    products = [(car.model_id.id, car._get_or_create_product().id) for car in samples]
    samples.unlink()
    return products


def _create_yards(env):
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    return (
        env["stock.location"]
        .create(
            [
                {
                    "name": f"Bulk Yard {number}",
                    "location_id": stock.id,
                    "usage": "internal",
                    "dealer_place_type": "yard",
                }
                for number in range(YARDS)
            ]
        )
        .ids
    )


def _rows(models, yards, count):
    """Return the cars as a file for COPY."""
    chance = random.Random(SEED)
    lines = []
    for number in range(count):
        trim = number % len(models)
        model_id, product_id = models[trim]
        # each trim is sold for some 400 days; the first ones are no longer built
        age = 1600 - 1600 * trim // len(models)
        date_in = TODAY - timedelta(days=age + chance.randrange(400))
        if chance.random() < IN_STOCK:
            location, owner, date_out = chance.choice(yards), r"\N", r"\N"
        else:
            location, owner = r"\N", _person(chance, number)
            date_out = date_in + timedelta(days=chance.randrange(120))
        lines.append(
            f"{make_vin('Z', number)}\t{_plate(chance, number)}\t{model_id}\t{product_id}\t"
            f"{location}\t{owner}\t{PURCHASE_PRICE + chance.randrange(100_000)}\t"
            f"{date_in}\t{date_out}\n"
        )
    return io.StringIO("".join(lines))


def _person(chance, number):
    """A Chinese name that many people may share, and a number that nobody shares."""
    given = "".join(chance.choices(GIVEN_NAMES, k=2))
    return f"{chance.choice(SURNAMES)}{given}{number:06d}"


def _plate(chance, number):
    return f"{chance.choice(PROVINCES)}{chance.choice(PLATE_LETTERS)}{number % 100_000:05d}"


_STAMP = "1, 1, now() at time zone 'UTC', now() at time zone 'UTC'"
_STAMP_COLUMNS = "create_uid, write_uid, create_date, write_date"

STATEMENTS = (
    # owners of sold cars
    f"""
    INSERT INTO res_partner (id, name, complete_name, commercial_partner_id, active, type, lang,
                             autopost_bills, group_rfq, group_on, is_company, partner_share,
                             customer_rank, {_STAMP_COLUMNS})
         SELECT partner_id, owner, owner, partner_id, true, 'contact', 'zh_CN',
                'ask', 'default', 'default', false, true, 1, {_STAMP}
           FROM bench_car WHERE owner IS NOT NULL
    """,
    # lots with their cost
    f"""
    INSERT INTO stock_lot (id, name, product_id, location_id, standard_price, avg_cost,
                           {_STAMP_COLUMNS})
         SELECT lot_id, vin, product_id, COALESCE(location_id, %(customers)s),
                jsonb_build_object(%(company)s::varchar, cost), cost, {_STAMP}
           FROM bench_car
    """,
    f"""
    INSERT INTO stock_quant (product_id, company_id, location_id, lot_id, quantity,
                             reserved_quantity, inventory_diff_quantity, inventory_quantity_set,
                             in_date, {_STAMP_COLUMNS})
         SELECT product_id, CASE WHEN location_id IS NOT NULL THEN %(company)s END,
                COALESCE(location_id, %(customers)s), lot_id, 1, 0, 0, false,
                COALESCE(date_out, date_in), {_STAMP}
           FROM bench_car
    """,
    f"""
    INSERT INTO dealer_vehicle (id, vin, license_plate, model_id, brand_id, series_id, kind,
                                active, for_sale, product_id, lot_id, partner_id, odometer,
                                status, location_id, warehouse_id, company_id, date_in, date_out,
                                {_STAMP_COLUMNS})
         SELECT car.vehicle_id, car.vin, car.license_plate, car.model_id, model.brand_id,
                model.dealer_series_id, 'new', true, true, car.product_id, car.lot_id,
                CASE WHEN car.owner IS NOT NULL THEN car.partner_id END, 0,
                CASE WHEN car.location_id IS NULL THEN 'sold' ELSE 'in_stock' END,
                car.location_id, CASE WHEN car.location_id IS NOT NULL THEN %(warehouse)s END,
                %(company)s, car.date_in, car.date_out, {_STAMP}
           FROM bench_car car
           JOIN fleet_vehicle_model model ON model.id = car.model_id
    """,
    f"""
    INSERT INTO dealer_vehicle_owner (vehicle_id, partner_id, role, date_from, source,
                                      {_STAMP_COLUMNS})
         SELECT vehicle_id, partner_id, 'owner', date_out, 'delivery', {_STAMP}
           FROM bench_car WHERE owner IS NOT NULL
    """,
)
