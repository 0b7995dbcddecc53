{
    "name": "Dealership Parts",
    "summary": "The right part on the shelf, and little money asleep there",
    "version": "19.0.1.0.0",
    "category": "Dealership",
    "author": "Dealer Suite contributors",
    "website": "https://github.com/example/dealer-suite",
    "license": "AGPL-3",
    "depends": [
        "barcodes",
        "dealer_vehicle",
        "product_brand",
        "product_expiry",
    ],
    "data": [
        "security/dealer_parts_groups.xml",
        "security/ir.model.access.csv",
        "data/product_category_data.xml",
        "views/dealer_parts_menus.xml",
        "views/product_category_views.xml",
        "views/product_template_views.xml",
        "security/dealer_part_stock_security.xml",
        "data/dealer_part_count_data.xml",
        "data/dealer_part_loss_tier_data.xml",
        "report/dealer_part_count_templates.xml",
        "views/dealer_part_count_views.xml",
        "wizard/dealer_part_count_import_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "dealer_parts/static/src/part_count/**/*",
        ],
        "web.assets_tests": [
            "dealer_parts/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "application": True,
}
