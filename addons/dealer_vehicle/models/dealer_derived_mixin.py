from odoo import api, models
from odoo.exceptions import UserError


class DealerDerivedMixin(models.AbstractModel):
    """A document whose stored computed fields nobody writes, by whatever client he comes.

    The ORM lets a remote call write a computed field like any other: a salesperson could let go of
    a car that she holds, or call an open deal paid. Computations themselves do not pass here.

    Links of a proof (whose signature, paper or plate it is) are chosen when it is made and stay:
    else the proof of one deal could be shown for another (``_fixed_fields``).
    """

    _name = "dealer.derived.mixin"
    _description = "Document with Derived Fields"

    #: On models of others only our own fields are guarded …
    _derived_prefix = ""
    #: … and these of theirs, which gates and approvals rely on.
    _derived_others = frozenset()
    #: Links and kinds that are chosen when the document is made, and never changed.
    _fixed_fields = frozenset()

    @api.model
    def default_get(self, fields):
        """What follows from other fields has no default of a client's."""
        values = super().default_get(fields)
        for name in list(values):
            if f"default_{name}" in self.env.context and self._is_derived(name):
                del values[name]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self._check_not_derived(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_derived(vals)
        self._check_not_fixed(vals)
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

    def _check_not_fixed(self, vals):
        """Refuse to change what was chosen when the document was made."""
        if self.env.su:  # see _check_not_derived
            return
        for name in sorted(self._fixed_fields.intersection(vals)):
            field = self._fields[name]
            # sudo: whether it changes is asked before whether the person may read it
            for record in self.sudo():
                if field.convert_to_write(record[name], record) != (vals[name] or False):
                    raise UserError(self._get_fixed_message(name))

    @api.model
    def _get_fixed_message(self, name):
        """Hook: why this field stays, and what to do instead."""
        return self.env._(
            'The field "%(field)s" stays as it was when this entry was made. Make another entry'
            " for the right one instead.",
            field=self._fields[name]._description_string(self.env),
        )
