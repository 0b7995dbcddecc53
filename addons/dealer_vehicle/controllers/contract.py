from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class DealerContractPortal(CustomerPortal):
    """The signature of Odoo's portal signs the contract."""

    def _get_dealer_order(self, order_id, access_token):
        """The order of whoever asks for it, with all rights; nothing when it is not his."""
        try:
            return self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.env["sale.order"]

    @http.route()
    def portal_order_page(self, order_id, access_token=None, payment_amount=None, **kwargs):
        """A link to a payment shows the quotation only, as long as its price is not confirmed."""
        order = self._get_dealer_order(order_id, access_token)
        if order and order._dealer_is_price_open():
            payment_amount = None
        return super().portal_order_page(
            order_id, access_token=access_token, payment_amount=payment_amount, **kwargs
        )

    @http.route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        """Sign; what refuses it is for the salesperson, and the customer reads that he is told."""
        access_token = access_token or request.httprequest.args.get("access_token")
        order = self._get_dealer_order(order_id, access_token)
        if order and order._dealer_is_price_open():
            return {"error": order._dealer_get_price_open_message()}
        try:
            with request.env.cr.savepoint():
                result = super().portal_quote_accept(
                    order_id, access_token=access_token, name=name, signature=signature
                )
                if result.get("force_refresh"):
                    self._keep_contract(order)
        except UserError as error:
            order._dealer_note_portal_refusal(error)
            return {
                "error": request.env._(
                    "Your signature could not be accepted yet. Your consultant has been told and"
                    " will contact you."
                )
            }
        return result

    def _keep_contract(self, order):
        """Keep the contract of a car that has just been signed."""
        if order.signature and order.dealer_contract_template_id and order.dealer_vehicle_ids:
            order._dealer_keep_signed_contract()

    @http.route()
    def portal_quote_decline(self, order_id, access_token=None, decline_message=None, **kwargs):
        """Quotations can be declined; a confirmed deal waits for its signature and stays."""
        order = self._get_dealer_order(order_id, access_token)
        if order.state == "sale":
            return request.redirect(order.get_portal_url(query_string="&message=cant_reject"))
        return super().portal_quote_decline(
            order_id, access_token=access_token, decline_message=decline_message, **kwargs
        )
