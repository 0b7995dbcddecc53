from odoo.addons.dealer_base.tools.table_reader import Column


def get_car_columns(env):
    """Columns by which a file names a trim, its colours and its VIN, as ``{name: Column}``.

    Catalogues, order and arrival lists come from the same makers: what one import understands the
    others do, too.
    """
    columns = [
        Column("brand", env._("Brand"), ("品牌", "make")),
        Column("series", env._("Series"), ("车系", "车系名称", "model series")),
        Column(
            "trim",
            env._("Trim"),
            ("车型", "款型", "车型名称", "版本", "配置", "trim_full", "title", "model"),
        ),
        Column(
            "model_code",
            env._("Model Code"),
            ("车型代码", "车型编码", "产品代码", "code"),
            example="SYL-16-CVT-SX",
        ),
        Column(
            "exterior_color",
            env._("Exterior Color"),
            (
                "外观颜色",
                "外饰颜色",
                "外色",
                "车身颜色",
                "颜色",
                "外观",
                "color",
                "colour",
                "exterior colour",
            ),
            example="珍珠白",
        ),
        Column(
            "interior_color",
            env._("Interior Color"),
            ("内饰颜色", "内色", "内饰", "interior colour"),
            example="黑",
        ),
        Column(
            "vin",
            env._("VIN"),
            ("车架号", "车辆识别代号", "车辆识别码", "底盘号", "VIN码", "chassis number"),
        ),
    ]
    return {column.name: column for column in columns}
