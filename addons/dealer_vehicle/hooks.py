"""Set up what depends on the companies and warehouses that exist already."""


def post_init_hook(env):
    """Give every store its places and every company its stock valuation of cars."""
    env["stock.warehouse"].with_context(active_test=False).search([])._dealer_create_places()
    companies = env["res.company"].search([])
    env["product.category"]._dealer_setup_valuation(companies)
    if "has_received_warning_stock_sms" in companies._fields:
        # stock_sms sends a paid text message at every handover, through a foreign service, and
        # nobody has been asked yet. Companies that have decided keep their decision.
        undecided = companies.filtered(lambda company: not company.has_received_warning_stock_sms)
        undecided.stock_text_confirmation = False
    _name_in_own_language(env)


def _name_in_own_language(env):
    """Name what Odoo has no translations for (categories, origins) in the administrator's language.

    A name that somebody has changed stays.
    """
    env = env(context=dict(env.context, lang=env.ref("base.user_admin").lang))
    names = {
        "product_category_new_car": ("New Cars", env._("New Cars")),
        "product_category_used_car": ("Used Cars", env._("Used Cars")),
        "product_category_consigned_car": ("Consigned Cars", env._("Consigned Cars")),
        "utm_source_showroom": ("Showroom", env._("Showroom")),
        "utm_source_telephone": ("Telephone", env._("Telephone")),
        "utm_source_web": ("Web order", env._("Web order")),
        "utm_source_agent": ("Agent or branch dealer", env._("Agent or branch dealer")),
        "utm_source_show": ("Motor show", env._("Motor show")),
        "utm_source_referral": ("Referral", env._("Referral")),
    }
    for xmlid, (source, name) in names.items():
        record = env.ref(f"dealer_vehicle.{xmlid}", raise_if_not_found=False)
        # Odoo numbers a name that it has already: Referral [2]
        if record and name != source and record.name.split(" [")[0] == source:
            record.name = name
