from odoo import api, fields, models


class ResPartner(models.Model):
    """The customer's file on one page: everything that happened, newest first."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    dealer_timeline = fields.Html("History", compute="_compute_dealer_timeline", sanitize=False)
    dealer_phonecall_count = fields.Integer(
        "Number of Calls", compute="_compute_dealer_phonecall_count"
    )

    # newest events that the page shows
    _dealer_timeline_limit = 50

    @api.depends_context("lang", "tz", "uid")
    def _compute_dealer_timeline(self):
        for partner in self:
            if not partner._origin.id:
                partner.dealer_timeline = False
                continue
            events = sorted(
                (event for event in partner._origin._dealer_get_events() if event["date"]),
                key=lambda event: fields.Datetime.to_datetime(event["date"]),
                reverse=True,
            )
            partner.dealer_timeline = self.env["ir.qweb"]._render(
                "dealer_crm.dealer_timeline",
                {
                    "events": [
                        self._dealer_dress_event(e) for e in events[: self._dealer_timeline_limit]
                    ]
                },
            )

    def _dealer_dress_event(self, event):
        """The event as the page shows it: local day, link."""
        date = event["date"]
        if hasattr(date, "hour"):
            date = fields.Datetime.context_timestamp(self, date).strftime("%Y-%m-%d %H:%M")
        record = event.get("record")
        return {
            "date": str(date),
            "icon": event.get("icon", "fa-circle"),
            "kind": event["kind"],
            "text": event.get("text") or "",
            "url": record and f"/odoo/{record._name}/{record.id}",
        }

    def _compute_dealer_phonecall_count(self):
        counts = dict(
            self.env["crm.phonecall"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.dealer_phonecall_count = counts.get(partner, 0)

    def _dealer_get_events(self):
        """Everything that happened between the person and us, for the timeline of the file.

        HOOK: the other slices add their facts (visits, test drives, complaints, work orders) with
        ``super()``. Read as the user: what somebody may not read is not shown.

        :return: list of dicts: ``date`` (date or datetime), ``kind`` (words), ``text``, ``icon``
            (Font Awesome class), ``record`` (to open)
        """
        self.ensure_one()
        events = []
        for lead in self._dealer_find_documents("crm.lead"):
            events.append(
                {
                    "date": lead.create_date,
                    "kind": self.env._("Inquiry"),
                    "text": f"{lead.name} · {lead.stage_id.name or ''}",
                    "icon": "fa-star-o",
                    "record": lead,
                }
            )
        for order in self._dealer_find_documents("sale.order"):
            events.append(
                {
                    "date": order.date_order,
                    "kind": self.env._("Order"),
                    "text": f"{order.name} · "
                    + dict(order._fields["state"]._description_selection(self.env))[order.state],
                    "icon": "fa-shopping-cart",
                    "record": order,
                }
            )
        for role in self._dealer_find_documents("dealer.vehicle.owner"):
            label = dict(role._fields["role"]._description_selection(self.env))[role.role]
            for date, kind in (
                (role.date_from, self.env._("Car")),
                (role.date_to, self.env._("Car given up")),
            ):
                events.append(
                    {
                        "date": date,
                        "kind": kind,
                        "text": f"{role.vehicle_id.display_name} · {label}",
                        "icon": "fa-car",
                        "record": role.vehicle_id,
                    }
                )
        for call in self._dealer_find_documents("crm.phonecall"):
            events.append(
                {
                    "date": call.date,
                    "kind": self.env._("Call"),
                    "text": call.name,
                    "icon": "fa-phone",
                    "record": call,
                }
            )
        return events

    def _dealer_find_documents(self, model, field="partner_id"):
        """The newest documents of the person; none where the user may not read the model.

        Not everybody who reads customers reads leads or orders: the page opens all the same.
        """
        Model = self.env[model]
        if not Model.has_access("read"):
            return Model
        return Model.search([(field, "=", self.id)], limit=self._dealer_timeline_limit)

    def action_view_dealer_phonecalls(self):
        """Show the calls with the person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.phonecall",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
            "name": self.env._("Calls"),
            "context": {"default_partner_id": self.id},
        }
