from odoo import models


class ResPartner(models.Model):
    """Visits and test drives of a customer, on the page of the file."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_events(self):
        """OVERRIDE dealer_crm: what happened in the showroom."""
        events = super()._dealer_get_events()
        Visit, Drive = self.env["dealer.visit"], self.env["dealer.test.drive"]
        own = [("partner_id", "=", self.id)]
        if Visit.has_access("read"):
            traffic = dict(Visit._fields["traffic"]._description_selection(self.env))
            events += [
                {
                    "date": visit.arrived_on,
                    "kind": self.env._("Visit"),
                    "text": " · ".join(filter(None, (traffic[visit.traffic], visit.user_id.name))),
                    "icon": "fa-home",
                    "record": visit,
                }
                for visit in Visit.search(own, limit=30)
            ]
        if Drive.has_access("read"):
            states = dict(Drive._fields["state"]._description_selection(self.env))
            events += [
                {
                    "date": drive.date_start,
                    "kind": self.env._("Test drive"),
                    "text": f"{drive.display_name} · {states[drive.state]}",
                    "icon": "fa-road",
                    "record": drive,
                }
                for drive in Drive.search(own, limit=30)
            ]
        return events
