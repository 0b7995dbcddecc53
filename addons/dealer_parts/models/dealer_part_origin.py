from odoo import fields, models


class DealerPartOrigin(models.AbstractModel):
    """A document for which parts are fetched from the store: a work order, an order, an own car.

    The document says itself whether parts may still be issued for it (domain-cn §5: only against
    an open document).
    """

    _name = "dealer.part.origin"
    _description = "Document That Needs Parts"

    dealer_part_request_ids = fields.One2many(
        "dealer.part.request",
        "origin_id",
        string="Parts Requests",
        domain=lambda self: [("origin_model", "=", self._name)],
        groups="dealer_base.group_employee",
    )
    dealer_part_request_count = fields.Integer(
        compute="_compute_dealer_part_request_count", groups="dealer_base.group_employee"
    )

    def _compute_dealer_part_request_count(self):
        counts = dict(
            self.env["dealer.part.request"]._read_group(
                [("origin_model", "=", self._name), ("origin_id", "in", self.ids)],
                ["origin_id"],
                ["__count"],
            )
        )
        for document in self:
            document.dealer_part_request_count = counts.get(document.id, 0)

    def _dealer_get_part_issue_error(self, products):
        """Why no parts may be issued for this document now, else nothing.

        :param products: parts that are asked for
        """
        self.ensure_one()
        return None

    def _dealer_get_part_request_values(self):
        """What a new request takes from this document.

        :return: dict with ``origin`` (its number), ``warehouse_id``, ``partner_id`` and, where a
            car is known, ``model_id``
        """
        raise NotImplementedError

    def action_open_part_requests(self):
        """Requests for parts of this document."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_parts.dealer_part_request_action"
        )
        return dict(
            action,
            domain=[("origin_model", "=", self._name), ("origin_id", "=", self.id)],
            context={
                "default_origin_model": self._name,
                "default_origin_id": self.id,
                "default_usage": "customer",
            },
        )
