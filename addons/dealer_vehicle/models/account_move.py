from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    # Salespeople open the invoices of their orders; Odoo counts the payments with rights that they
    # do not have, and the form does not open
    payment_count = fields.Integer(compute_sudo=True)
    dealer_vehicle_ids = fields.Many2many(
        "dealer.vehicle", string="Cars", compute="_compute_dealer_vehicle_ids"
    )
    dealer_vehicle_count = fields.Integer(
        string="Number of Cars", compute="_compute_dealer_vehicle_ids"
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("line_ids.dealer_vehicle_id")
    def _compute_dealer_vehicle_ids(self):
        """Cars that the user may see; one may stand with a sister company by now."""
        readable = self.line_ids.dealer_vehicle_id._filtered_access("read")
        for move in self:
            move.dealer_vehicle_ids = move.line_ids.dealer_vehicle_id & readable
            move.dealer_vehicle_count = len(move.dealer_vehicle_ids)

    def action_view_dealer_vehicles(self):
        """Open the cars of these entries."""
        return self.dealer_vehicle_ids._get_records_action(name=self.env._("Cars"))

    def _stock_account_prepare_realtime_out_lines_vals(self):
        """Cost of goods sold belongs to the car of the invoice line it comes from."""
        vals_list = super()._stock_account_prepare_realtime_out_lines_vals()
        origin_ids = [vals["cogs_origin_id"] for vals in vals_list]
        origins = self.env["account.move.line"].browse(origin_ids)
        for vals, origin in zip(vals_list, origins, strict=True):
            if origin.dealer_vehicle_id:
                vals["dealer_vehicle_id"] = origin.dealer_vehicle_id.id
                if origin.move_id.is_storno:
                    # a red credit note is red throughout; Odoo leaves these items black
                    vals["is_storno"] = True
        return vals_list

    def _post(self, soft=True):
        """Costs that become known with these entries reach the cars that have been sold."""
        posted = super()._post(soft)
        for company, moves in posted.grouped("company_id").items():
            moves.line_ids.dealer_vehicle_id._dealer_settle_costs(company)
        return posted
