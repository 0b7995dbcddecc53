import re

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Zone, rack, level, position, as in A-03-2-05 (domain-cn §5).
BIN = re.compile(r"^([A-Z]{1,2})-(\d{2})-(\d{1,2})-(\d{2})$")


class StockLocation(models.Model):
    """A bin (货位): a place for parts with a name that leads to it, and a code to scan."""

    _inherit = "stock.location"

    dealer_is_bin = fields.Boolean(
        string="Bin",
        compute="_compute_dealer_is_bin",
        store=True,
        readonly=False,
        help="A place for parts that is called by zone, rack, level and position: A-03-2-05.",
    )
    dealer_bin_zone = fields.Char(
        string="Zone", compute="_compute_dealer_bin_zone", store=True, index="btree_not_null"
    )
    dealer_is_mixed = fields.Boolean(string="Mixed Bin", help="Several parts may lie in this bin.")
    dealer_bin_warning = fields.Char(compute="_compute_dealer_bin_warning")

    @api.depends("name", "usage")
    def _compute_dealer_is_bin(self):
        for place in self:
            is_bin = place.usage == "internal" and bool(BIN.match(place.name or ""))
            place.dealer_is_bin = place.dealer_is_bin or is_bin

    @api.depends("name", "dealer_is_bin")
    def _compute_dealer_bin_zone(self):
        for place in self:
            match = place.dealer_is_bin and BIN.match(place.name or "")
            place.dealer_bin_zone = match.group(1) if match else False

    @api.depends_context("lang")
    @api.depends("name", "dealer_is_bin")
    def _compute_dealer_bin_warning(self):
        """A name of another form is allowed, but said: people look for bins by their names.

        A house with other names sets the system parameter ``dealer_parts.bin_pattern``.
        """
        # sudo: a system parameter that says nothing secret
        pattern = self.env["ir.config_parameter"].sudo().get_param("dealer_parts.bin_pattern")
        for place in self:
            name = place.name or ""
            strange = place.dealer_is_bin and not re.match(pattern or BIN, name)
            place.dealer_bin_warning = strange and self.env._(
                "“%(name)s” is not of the form zone-rack-level-position, such as A-03-2-05.",
                name=place.name,
            )

    # === ONE PART A BIN ===
    def _check_can_be_used(self, product, quantity=0, package=None, location_qty=0):
        """OVERRIDE stock: putaway passes a bin in which another part lies."""
        if not super()._check_can_be_used(product, quantity, package, location_qty):
            return False
        return not self._dealer_get_strangers(product)

    def _dealer_get_strangers(self, product):
        """Other parts that lie in these bins, where only one is allowed."""
        bins = self.filtered(lambda place: place.dealer_is_bin and not place.dealer_is_mixed)
        if not bins or not product.dealer_is_part:
            return self.env["product.product"]
        # sudo: what lies in a bin is asked for the check itself
        quants = self.env["stock.quant"].sudo()
        rows = quants._read_group(
            [
                ("location_id", "in", bins.ids),
                ("product_id", "!=", product.id),
                ("quantity", ">", 0),
            ],
            ["product_id"],
        )
        return self.env["product.product"].union(*(row[0] for row in rows)).sudo(False)

    def _dealer_check_bins(self, parts_by_bin):
        """Refuse a second part in a bin that is not mixed.

        :param parts_by_bin: dict of bin to the parts that come in
        """
        bins = self.filtered(lambda place: place.dealer_is_bin and not place.dealer_is_mixed)
        if not bins:
            return
        # sudo: see _dealer_get_strangers
        rows = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [("location_id", "in", bins.ids), ("quantity", ">", 0)],
                ["location_id", "product_id"],
            )
        )
        lying = {}
        for place, product in rows:
            lying[place.id] = lying.get(place.id, self.env["product.product"]) | product
        for place in bins:
            coming = parts_by_bin[place]
            others = (lying.get(place.id, coming.browse()) | coming) - coming[:1]
            if others:
                raise UserError(
                    self.env._(
                        "%(other)s lies in %(bin)s already, which is for one part. Choose another"
                        " bin for %(part)s, or allow mixed parts on the bin.",
                        other=others[0].display_name,
                        bin=place.name,
                        part=coming[0].display_name,
                    )
                )

    def action_dealer_print_labels(self):
        """Print the labels of these bins."""
        return self.env.ref("dealer_parts.action_report_bin_label").report_action(self)
