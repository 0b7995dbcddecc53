from odoo import fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["dealer.car.document", "account.move"]
    _dealer_car_paths = ("line_ids.dealer_vehicle_id",)

    # Salespeople open the invoices of their orders; Odoo counts the payments with rights that they
    # do not have, and the form does not open
    payment_count = fields.Integer(compute_sudo=True)

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
