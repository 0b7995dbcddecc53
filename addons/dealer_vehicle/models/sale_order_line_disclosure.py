from odoo import api, fields, models

from .sale_order_line_gate import DeliveryBlocker


class SaleOrderLine(models.Model):
    """Pledges, recalls and repairs stand between a sold car and its customer."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_disclosure_ids = fields.One2many("dealer.disclosure", "line_id", string="Disclosures")

    # === GATES ===
    def _dealer_get_delivery_blockers(self):
        blockers = super()._dealer_get_delivery_blockers()
        # sudo: whoever looks may not read all papers
        lines = self.sudo().filtered("dealer_vehicle_id")
        undisclosed = lines._dealer_get_undisclosed()
        unreturned = lines._dealer_get_undisclosed_returns()
        for line in lines:
            vehicle = line.dealer_vehicle_id
            blockers[line.id] += vehicle._get_recall_blockers() + vehicle._get_custody_blockers()
            if unreturned[line.id]:
                blockers[line.id].append(
                    DeliveryBlocker(
                        "disclosure",
                        self.env._("the buyer has not signed that the car was taken back before"),
                        self.env._("salesperson: have the disclosure signed"),
                    )
                )
            elif undisclosed[line.id]:
                blockers[line.id].append(
                    DeliveryBlocker(
                        "disclosure",
                        self.env._("the buyer has not signed that the car was repaired"),
                        self.env._("salesperson: have the disclosure signed"),
                    )
                )
        return blockers

    # === DISCLOSURE ===
    def _dealer_get_undisclosed(self):
        """Repairs of their cars that the buyers have not signed, by line id."""
        Damage = self.env["dealer.vehicle.damage"]
        vehicles = self.dealer_vehicle_id
        damages = Damage.search(Damage._get_disclosed_domain(vehicles)) if vehicles else Damage
        by_vehicle = damages.grouped("vehicle_id")
        result = {}
        for line in self:
            repaired = by_vehicle.get(line.dealer_vehicle_id, Damage)
            if repaired:
                repaired -= line._dealer_get_signed_disclosures().damage_ids
            result[line.id] = repaired
        return result

    def _dealer_get_undisclosed_returns(self):
        """Returns of their cars that the buyers have not signed, by line id."""
        Request = self.env["dealer.refund.request"]
        vehicles = self.dealer_vehicle_id
        returns = Request._get_disclosed_returns(vehicles) if vehicles else Request
        by_vehicle = returns.grouped("return_vehicle_id")
        result = {}
        for line in self:
            found = by_vehicle.get(line.dealer_vehicle_id, Request)
            found = found.filtered(lambda one, line=line: one.order_id != line.order_id)
            if found:
                found -= line._dealer_get_signed_disclosures().return_ids
            result[line.id] = found
        return result

    def _dealer_get_signed_disclosures(self):
        self.ensure_one()
        return self.dealer_disclosure_ids.filtered(
            lambda disclosure: (
                disclosure.state == "signed" and disclosure.vehicle_id == self.dealer_vehicle_id
            )
        )

    def _dealer_make_disclosures(self):
        """Make, or bring up to date, what the buyers of repaired cars have to sign."""
        # sudo: the disclosure is the system's, not the salesperson's
        lines = self.sudo()
        living = lines.filtered(lambda line: line.state != "cancel")
        undisclosed = living._dealer_get_undisclosed()
        unreturned = living._dealer_get_undisclosed_returns()
        Disclosure = lines.env["dealer.disclosure"]
        drafts = Disclosure.search([("line_id", "in", lines.ids), ("state", "=", "draft")])
        drafts = drafts.grouped("line_id")
        for line in lines:
            damages = undisclosed.get(line.id, lines.env["dealer.vehicle.damage"])
            returns = unreturned.get(line.id, lines.env["dealer.refund.request"])
            draft = drafts.get(line, Disclosure)
            if draft and (not (damages or returns) or draft.vehicle_id != line.dealer_vehicle_id):
                draft.state = "void"
                draft.flush_recordset()
                draft = Disclosure
            if not (damages or returns):
                continue
            vals = Disclosure._prepare_vals(line, damages, returns)
            if draft:
                draft.write(vals)
            else:
                Disclosure.create(vals)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered("dealer_vehicle_id")._dealer_make_disclosures()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if "dealer_vehicle_id" in vals:
            self._dealer_make_disclosures()
        return res
