{
    "name": "Dealership Base",
    "summary": "Roles, dated legal parameters, checklists, indicators and identifiers",
    "version": "19.0.1.0.0",
    "category": "Dealership",
    "author": "Dealer Suite contributors",
    "website": "https://github.com/example/dealer-suite",
    "license": "AGPL-3",
    "depends": [
        "base_setup",
        "mail",
        "web",
    ],
    "external_dependencies": {"python": ["python-stdnum", "vininfo"]},
    "data": [
        "security/dealer_base_groups.xml",
        "report/dealer_base_layout_templates.xml",
        "views/dealer_base_menus.xml",
    ],
    "post_init_hook": "post_init_hook",
    "application": True,
}
