"""Companies that the tests borrow: making one with its chart of accounts costs two seconds.

Every test class would make two of them again. They are made once, when this addon is installed in
the template of the test databases; what a test does to them is rolled back with it.
"""

COMPANIES = ("Golden Cars", "Silver Cars")


def post_init_hook(env):
    for name in COMPANIES:
        company = env["res.company"].create(
            {
                "name": name,
                "country_id": env.ref("base.cn").id,
                "currency_id": env.ref("base.CNY").id,
            }
        )
        env["stock.warehouse"].create({"company_id": company.id})
        env["account.chart.template"].try_loading("cn", company=company, install_demo=False)
        xml_id = f"test_dealer_flows.{name.replace(' ', '_').lower()}"
        env["ir.model.data"]._update_xmlids(
            [{"xml_id": xml_id, "record": company, "noupdate": True}]
        )
