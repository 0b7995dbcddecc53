"""What the demo dealership consists of. All names of people, firms and makes are invented."""

COMPANY = {
    "name": "海州云帆汽车销售服务有限公司",
    "street": "滨江大道 88 号",
    "city": "海州市",
    "zip": "222000",
    "vat": "91320700MA26YUNF21",  # an invented one, with its check digit
    "phone": "0518-5555 0100",
    "email": "service@yunfan.example.com",
    "website": "https://yunfan.example.com",
    "primary_color": "#1f3a5f",
    "secondary_color": "#b5533c",
    "report_footer": (
        "<p>开户行：海州银行滨江支行 · 账号 6222 0000 0000 0000 · 服务热线 0518-5555 0100</p>"
    ),
}
STORES = [("滨江店", "BJ"), ("高新店", "GX")]
PLACES = {"yard": "车场", "showroom": "展厅", "preparation": "整备区", "demo": "试驾车区"}

# login (and password), name, group, index of the store
PEOPLE = [
    ("gm", "韩立群", "general_manager", 0),
    ("group", "沈维舟", "group_manager", 0),
    ("manager", "马晓东", "sales_manager", 0),
    ("manager2", "罗启航", "sales_manager", 1),
    ("sales", "沙莎", "sales_consultant", 0),
    ("sales2", "庄明远", "sales_consultant", 1),
    ("dcc", "丁思琪", "dcc", 0),
    ("appraiser", "彭国栋", "appraiser", 0),
    ("usedcar", "尤玉婷", "usedcar_manager", 0),
    ("stock", "柯健", "stock_keeper", 0),
    ("cashier", "钱小雨", "cashier", 0),
    ("accountant", "方会君", "accountant", 0),
    ("finance", "冯静怡", "finance_manager", 0),
    ("advisor", "安志强", "service_advisor", 0),
    ("technician", "田大勇", "technician", 0),
    ("foreman", "傅工", "foreman", 0),
    ("inspector", "简明", "inspector", 0),
    ("warranty", "温佳", "warranty_clerk", 0),
    ("service", "史文涛", "service_manager", 0),
    ("parts", "潘晓波", "parts_manager", 0),
    ("partskeeper", "裴宁", "parts_keeper", 0),
    ("care", "康乐", "customer_care", 0),
    ("marketing", "孟晴", "marketing", 0),
    ("fni", "费凡", "fni", 0),
    ("hr", "何蓉", "hr", 0),
    ("it", "季安", "admin", 0),
]

# who works in his own store only; all others see both
STORE_PEOPLE = ("manager", "manager2", "sales", "sales2", "dcc")

CUSTOMERS = [
    ("赵一凡", "138-5550-0101"), ("钱文静", "138-5550-0102"), ("孙浩然", "138-5550-0103"),
    ("李思远", "138-5550-0104"), ("周子墨", "138-5550-0105"), ("吴佳怡", "138-5550-0106"),
    ("郑书豪", "138-5550-0107"), ("王梓涵", "138-5550-0108"), ("陈雨桐", "138-5550-0109"),
    ("林俊逸", "138-5550-0110"), ("黄诗雅", "138-5550-0111"), ("高建国", "138-5550-0112"),
]  # fmt: skip
PORTAL_CUSTOMER = 0  # this customer can log in as "customer"
SUPPLIERS = ["驰域汽车销售总公司", "星澜新能源汽车有限公司", "海州顺达物流有限公司"]

# brand -> (WMI of its VINs, colour of its logo, initial)
BRANDS = {
    "驰域": ("LSV", "#1f3a5f", "C"),
    "星澜": ("LGX", "#1b7f5c", "X"),
    "岚途": ("LFV", "#7a1f3a", "L"),
}
# brand, series, trim, model code, fuel, seats, guide price
TRIMS = [
    ("驰域", "远航", "2026款 1.5T 舒享版", "CY-YH-15S", "gasoline", 5, 119800),
    ("驰域", "远航", "2026款 1.5T 豪华版", "CY-YH-15L", "gasoline", 5, 136800),
    ("驰域", "山岳", "2026款 2.0T 四驱精英版", "CY-SY-20E", "gasoline", 5, 189800),
    ("驰域", "山岳", "2026款 2.0T 四驱旗舰版", "CY-SY-20F", "gasoline", 7, 219800),
    ("星澜", "E3", "2026款 420km 标准版", "XL-E3-420", "electric", 5, 99800),
    ("星澜", "E3", "2026款 510km 长续航版", "XL-E3-510", "electric", 5, 118800),
    ("星澜", "M7", "2026款 插混 尊享版", "XL-M7-PH", "plug_in_hybrid_gasoline", 7, 239800),
    ("岚途", "轻舟", "2022款 1.4T 自动版", "LT-QZ-14", "gasoline", 5, 0),
]  # fmt: skip
COLORS = {
    "exterior": [
        ("极光白", "#f4f4f2"), ("曜石黑", "#1c1c1e"), ("星河蓝", "#27548a"),
        ("熔岩红", "#a3232c"), ("云山灰", "#7d8287"), ("松针绿", "#34523f"),
    ],
    "interior": [("墨黑", "#202020"), ("米驼", "#cdb79e"), ("酒红", "#6d2436")],
}  # fmt: skip

# Arrivals from the makers: days ago, store, supplier, list of (trim, place)
ARRIVALS = [
    (212, 0, 0, [(3, "yard"), (2, "yard")]),
    (148, 0, 0, [(0, "yard"), (1, "yard"), (2, "showroom"), (0, "yard"), (1, "yard")]),
    (121, 1, 1, [(4, "yard"), (5, "showroom"), (4, "yard"), (6, "yard")]),
    (84, 0, 0, [(0, "yard"), (1, "showroom"), (3, "yard"), (2, "yard"), (0, "yard"), (1, "yard")]),
    (70, 1, 1, [(5, "yard"), (6, "showroom"), (4, "yard"), (5, "yard")]),
    (41, 0, 0, [(1, "yard"), (2, "yard"), (0, "yard"), (3, "showroom"), (1, "demo")]),
    (25, 1, 1, [(4, "showroom"), (5, "yard"), (6, "yard"), (4, "yard"), (6, "preparation")]),
    (9, 0, 0, [(0, "preparation"), (2, "yard"), (1, "yard"), (0, "yard"), (3, "preparation")]),
    (3, 1, 1, [(6, "yard"), (4, "yard"), (5, "yard"), (4, "preparation"), (5, "preparation")]),
]  # fmt: skip
# Ordered and not here yet: days ago, store, supplier, trims; without VIN when not built yet
ORDERED = [
    (12, 0, 0, True, [0, 1, 2, 3]),
    (6, 1, 1, False, [4, 6, 5]),
]
# Sold cars: position among the arrived cars, customer, days ago, plate, discount, freight
SOLD = [
    (2, 0, 35, "苏G5N0K8", 4000, 1200),
    (4, 1, 58, "苏G7P201", 6500, 0),
    (7, 2, 44, "苏GD10286", 2000, 0),
    (12, 3, 27, "苏G9Q336", 5200, 600),
    (17, 4, 12, "苏GD30517", 0, 0),
    (22, 5, 4, "苏G2R745", 3000, 900),
]
# Reserved cars: position, customer, days ago
RESERVED = [(15, 6, 3), (24, 7, 2), (29, 8, 5), (33, 9, 1)]
QUOTED = [(26, 10, 1), (31, 11, 0)]
# Bought used: plate, colour, km, year, days ago, seller, price, asking price, place
USED = [
    ("苏G3A119", 0, 58200, 2022, 66, 2, 52000, 62800, "yard"),
    ("苏G8C520", 4, 91300, 2021, 38, 3, 38500, 46800, "yard"),
    ("苏GB0377", 1, 33100, 2023, 17, 9, 71000, 82800, "showroom"),
    ("苏G6F884", 3, 47750, 2022, 5, 10, 60500, 71800, "preparation"),
]
CONSIGNED = ("苏G1H662", 2, 61400, 2022, 11, 65800)  # plate, colour, km, year, customer, asking
# Cars of customers who bought elsewhere: customer, plate, trim, km, year
FOREIGN = [
    (5, "苏G4J208", 7, 71200, 2021),
    (6, "苏G0K915", 7, 42600, 2022),
    (7, "苏GL6630", 1, 12850, 2024),
    (8, "苏GD88120", 4, 20310, 2024),
    (9, "苏G5M471", 7, 88900, 2020),
    (11, "苏G2S059", 0, 9400, 2025),
]
