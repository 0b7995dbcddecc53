from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    dealer_policies_since = fields.Date(
        string="Stocking Policies Since",
        readonly=True,
        copy=False,
        help="First night of the stocking policies: what lay in the store then is stocked.",
    )

    def _dealer_get_part_keepers(self):
        """Parts keepers who work in this store; those of all stores are not meant."""
        self.ensure_one()
        # sudo: who asks need not see the users of the company
        users = self.env["res.users"].sudo()
        keepers = self.env.ref("dealer_base.group_parts_keeper")
        return users.search(
            [("dealer_store_ids", "in", self.ids), ("all_group_ids", "in", keepers.ids)]
        ).sudo(False)
