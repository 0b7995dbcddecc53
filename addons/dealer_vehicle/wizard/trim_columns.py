from odoo.addons.dealer_base.tools.table_reader import Column


def get_trim_columns(env):
    """Columns by which a file names a trim, as ``{name: Column}``.

    Catalogues and arrival lists come from the same makers: what one import understands the other
    does, too.
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
    ]
    return {column.name: column for column in columns}
