from odoo import http
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class DealerContractPortal(CustomerPortal):
    """The signature of Odoo's portal signs the contract."""

    @http.route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        result = super().portal_quote_accept(
            order_id, access_token=access_token, name=name, signature=signature
        )
        if result.get("force_refresh"):
            # sudo: the order has just been accepted by whoever has its token
            order = request.env["sale.order"].sudo().browse(int(order_id))
            if order.signature and order.dealer_contract_template_id and order.dealer_vehicle_ids:
                order._dealer_keep_signed_contract()
        return result
