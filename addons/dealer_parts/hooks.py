"""Set up what depends on the companies that exist already, and clean up."""


def post_init_hook(env):
    """Value parts at average cost in every company, and name their classes in its language."""
    env["product.category"]._dealer_setup_valuation(env["res.company"].search([]))
    name_categories(env)


def name_categories(env):
    """Odoo keeps one name of a class for all languages: that of the administrator is taken."""
    lang = env.context.get("lang") or env.ref("base.user_admin").lang
    env = env(context=dict(env.context, lang=lang))
    names = {
        "part": env._("Parts"),
        "maintenance": env._("Maintenance Parts"),
        "oil": env._("Oil and Fluids"),
        "paint": env._("Paint"),
        "battery": env._("Batteries"),
        "tyre": env._("Tyres"),
        "body": env._("Body Parts"),
        "accessory": env._("Accessories"),
    }
    for code, name in names.items():
        env.ref(f"dealer_parts.product_category_{code}").name = name


def uninstall_hook(env):
    """Take our triggers off the tables of Odoo."""
    env["dealer.average.checkpoint"]._drop_triggers()
