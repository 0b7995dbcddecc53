from odoo import fields, models


class DealerBlockerPanel(models.AbstractModel):
    """Shows on a document why its cars may not leave yet, and who can do something about it."""

    _name = "dealer.blocker.panel"
    _description = "Delivery Blocker Panel"

    dealer_blocker_count = fields.Integer(
        string="Delivery Blockers", compute="_compute_dealer_blockers", compute_sudo=True
    )
    dealer_blocker_html = fields.Html(
        string="Before Delivery",
        compute="_compute_dealer_blockers",
        compute_sudo=True,  # money and papers are judged for people who may not read them
        sanitize=False,
    )

    def _compute_dealer_blockers(self):
        """Ask the gates of all lines at once and write them up by document."""
        lines_of = {record: record._get_blocker_lines() for record in self}
        lines = self.env["sale.order.line"].union(*lines_of.values())
        blockers = lines._dealer_get_open_blockers()
        for record, record_lines in lines_of.items():
            found = [(line, blockers[line.id]) for line in record_lines if blockers[line.id]]
            record.dealer_blocker_count = sum(len(reasons) for _line, reasons in found)
            record.dealer_blocker_html = (
                self.env["ir.qweb"]._render(
                    "dealer_vehicle.delivery_blocker_panel",
                    {"found": found, "show_car": len(record_lines) > 1},
                )
                if record_lines
                else False
            )

    def _get_blocker_lines(self):
        """Hook: the order lines whose cars this document wants to hand over."""
        self.ensure_one()
        return self.env["sale.order.line"]
