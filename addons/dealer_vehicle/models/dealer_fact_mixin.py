from odoo import api, models
from odoo.exceptions import UserError


class DealerFactMixin(models.AbstractModel):
    """A document of which some fields are written by its own steps and by nobody else.

    The steps write them as superuser, after they have checked who asks. A form, an import or a
    remote call that writes such a field is refused; so is a default from a client's context.
    """

    _name = "dealer.fact.mixin"
    _description = "Document with Facts"

    _fact_fields = frozenset()

    @api.model
    def default_get(self, fields):
        """Facts have no defaults of a client's, only those of their fields."""
        values = super().default_get(fields)
        for name in self._fact_fields.intersection(values):
            if f"default_{name}" in self.env.context:
                default = self._fields[name].default
                values[name] = default(self) if default else False
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self._check_no_facts(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_no_facts(vals)
        return super().write(vals)

    @api.model
    def _check_no_facts(self, names):
        """Refuse facts among the names of the fields that somebody writes."""
        written = sorted(self._fact_fields.intersection(names))
        if written and not self.env.su:
            raise UserError(
                self.env._(
                    'The field "%(field)s" is written by the steps of the document, not by hand.'
                    " Use its buttons instead.",
                    field=self._fields[written[0]]._description_string(self.env),
                )
            )
