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
