"""Set up what depends on the companies that exist already, and clean up."""


def post_init_hook(env):
    """Value parts at average cost in every company."""
    env["product.category"]._dealer_setup_valuation(env["res.company"].search([]))


def uninstall_hook(env):
    """Take our triggers off the tables of Odoo."""
    env["dealer.average.checkpoint"]._drop_triggers()
