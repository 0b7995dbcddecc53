from odoo import api, models
from odoo.exceptions import UserError


class DealerDerivedMixin(models.AbstractModel):
    """A document whose stored computed fields nobody writes, by whatever client he comes.

    The ORM lets a remote call write a computed field like any other: a salesperson could let go of
    a car that she holds, or call an open deal paid. Computations themselves do not pass here.
    """

    _name = "dealer.derived.mixin"
    _description = "Document with Derived Fields"

    #: On models of others only our own fields are guarded …
    _derived_prefix = ""
    #: … and these of theirs, which gates and approvals rely on.
    _derived_others = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        self._check_not_derived(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_derived(vals)
        return super().write(vals)

    @api.model
    def _is_derived(self, name):
        """Whether the field follows from others and is for nobody to write."""
        field = self._fields.get(name)
        return (
            field is not None
            and bool(field.store and field.compute and field.readonly and not field.inverse)
            and (name.startswith(self._derived_prefix) or name in self._derived_others)
        )

    @api.model
    def _check_not_derived(self, names):
        """Refuse derived fields among the names that somebody writes."""
        if self.env.su:  # our own code, when it acts for somebody, has asked already
            return
        written = sorted(name for name in names if self._is_derived(name))
        if written:
            raise UserError(
                self.env._(
                    'Nobody writes the field "%(field)s": it follows from the other fields.',
                    field=self._fields[written[0]]._description_string(self.env),
                )
            )
