from odoo import api, models


class DealerLinkedMixin(models.AbstractModel):
    """Documents that name a lead or a person: only one whom the writer may see anyway.

    A rule of the document looks at what is there already; what is linked anew is checked here, for
    forms, imports and RPC alike.
    """

    _name = "dealer.linked.mixin"
    _description = "Document of a Customer"

    #: What the user must be allowed to do with what he links: field → operation
    _linked_fields = {"lead_id": "read", "partner_id": "read"}

    @api.model_create_multi
    def create(self, vals_list):
        self._check_linked(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_linked([vals])
        return super().write(vals)

    @api.model
    def _check_linked(self, vals_list):
        """:raise AccessError: something is linked that is closed to the user"""
        if self.env.su:
            return
        for name, operation in self._linked_fields.items():
            ids = {vals[name] for vals in vals_list if vals.get(name)}
            if ids:
                self.env[self._fields[name].comodel_name].browse(ids).check_access(operation)
