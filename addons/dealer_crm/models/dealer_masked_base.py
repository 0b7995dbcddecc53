from odoo import Command, api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .dealer_masked_mixin import EQUALITY, MASKS, NEGATIVE_LIKE, is_spelling_of, mask_email


class Base(models.AbstractModel):
    """No way round the masks: paths and related fields of any model that end in a masked field.

    All of it costs one look at the groups of the user (cached) for those who see the data anyway.
    """

    _inherit = "base"

    # fields that repeat masked data of another model: field → (kind of mask, path to whose they
    # are). Related fields need not be named.
    _dealer_masked_links = {}
    # field with the customer whose data a form of this model fills in while one types
    _dealer_customer_field = None
    # what somebody must be allowed to do with the file of that customer
    _dealer_customer_access = "read"

    # === WHO SEES ===

    @api.model
    def _dealer_user_is_masked(self):
        """Whether personal data of others are hidden from the person at the screen.

        Portal customers see their own contact.
        """
        user = self.env.user
        return user._is_internal() and not user.has_group("dealer_base.group_personal_data")

    @api.model
    def _dealer_needs_mask(self):
        """Whether to hide here: programs (sudo) work with the true values."""
        return not self.env.su and self._dealer_user_is_masked()

    @api.model
    def _dealer_get_mask_kind(self, name):
        """Kind of mask of a field that is masked, related to one or repeats one; or None."""
        if name in self._dealer_masked_links:
            return self._dealer_masked_links[name][0]
        field = self._fields.get(name)
        while field is not None and field.related and not field.store:
            field = field.related_field
        if field is None:
            return None
        masked = getattr(self.pool[field.model_name], "_dealer_masked_fields", {})
        return masked.get(field.name)

    # === READING ===

    def _read_format(self, fnames, load="_classic_read"):
        """OVERRIDE base: stars where a field of this model repeats masked data of another."""
        rows = super()._read_format(fnames, load)
        if not self._dealer_needs_mask():
            return rows
        for name in fnames:
            link = self._dealer_get_link(name)
            if link and any(row.get(name) for row in rows):
                self._dealer_mask_link(rows, name, *link)
        return rows

    @api.model
    def _dealer_get_link(self, name):
        """Kind of mask and path to whose data they are, for a field that repeats masked data."""
        if name in self._dealer_masked_links:
            return self._dealer_masked_links[name]
        field = self._fields.get(name)
        if field is None or not field.related or field.store:
            return None
        kind = self._dealer_get_mask_kind(name)
        return kind and (kind, field.related.rpartition(".")[0])

    def _dealer_mask_link(self, rows, name, kind, path):
        # sudo: only whose data they are; colleagues work under theirs
        records = self.browse([row["id"] for row in rows]).sudo()
        holders = records.mapped(path)
        if holders._name == "res.users":  # a user has the data of his contact
            path = f"{path}.partner_id"
            holders = holders.partner_id
        opened = holders._origin._dealer_get_opened_ids()
        if holders._name == "res.partner":
            opened |= set(holders._origin.filtered(lambda person: not person.partner_share).ids)
        for record, row in zip(records, rows, strict=True):
            if row.get(name) and record.mapped(path)[:1]._origin.id not in opened:
                row[name] = MASKS[kind](row[name])

    # === FORMS ===

    def onchange(self, values, field_names, fields_spec):
        """OVERRIDE web: a form fills in telephone and address of a customer with all rights."""
        if self.env["res.partner"]._dealer_is_own_only():
            self._dealer_check_typed_customers(values)
        result = super().onchange(values, field_names, fields_spec)
        if self._dealer_needs_mask():
            self._dealer_mask_filled_in(result.get("value") or {}, values)
        return result

    @api.model
    def _dealer_mask_filled_in(self, filled, typed):
        """Put stars into what a form has filled in, in its rows too; what was typed stays.

        Stars that are saved are dropped, and the true value is computed again.
        """
        masked = getattr(self, "_dealer_masked_fields", {})
        for name, value in filled.items():
            field = self._fields.get(name)
            if name in masked and value and isinstance(value, str):
                if not is_spelling_of(value, typed.get(name)):
                    filled[name] = MASKS[masked[name]](value)
            elif field is not None and field.type in ("one2many", "many2many"):
                rows = self.env[field.comodel_name]
                for command in value or ():
                    if command[0] in (Command.CREATE, Command.UPDATE) and command[2]:
                        rows._dealer_mask_filled_in(command[2], {})

    def _dealer_check_typed_customers(self, values):
        """Refuse customers of colleagues in the values of a form, and of the rows in it.

        :raise AccessError: their file is closed to the user
        """
        name = self._dealer_customer_field
        if name:
            typed = [values.get(name), not self and self.env.context.get(f"default_{name}")]
            # sudo: who stands there already, and may belong to a colleague by now
            known = self.sudo()[name].ids
            ids = [value for value in typed if isinstance(value, int) and value not in known]
            people = self.env["res.partner"].browse(filter(None, ids))
            people.check_access(self._dealer_customer_access)
        for field_name, value in values.items():
            field = self._fields.get(field_name)
            if field is None or field.type not in ("one2many", "many2many"):
                continue
            rows = self.env[field.comodel_name]
            for command in value or ():
                if command[0] in (Command.CREATE, Command.UPDATE) and command[2]:
                    row = rows.browse(command[1] if command[0] == Command.UPDATE else ())
                    row._dealer_check_typed_customers(command[2])

    # === GROUPING AND SORTING ===

    def _read_group_select(self, aggregate_spec, query):
        """OVERRIDE base: an aggregate over a masked field would list its values."""
        self._dealer_check_group(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """OVERRIDE base: the titles of the groups would show the values.

        A path (``partner_id.phone``) comes here again for the model at its end.
        """
        self._dealer_check_group(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _dealer_check_group(self, spec):
        """:raise AccessError: the field is masked for the user"""
        name = spec.partition(":")[0]
        if self._dealer_needs_mask() and self._dealer_get_mask_kind(name):
            raise AccessError(
                self.env._("Telephones and mail addresses are grouped by those who may see them.")
            )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """OVERRIDE base: the order would tell between which numbers a hidden one lies."""
        if self._dealer_needs_mask() and self._dealer_get_mask_kind(field_name.partition(".")[0]):
            return SQL()
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # === EXPORT ===

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """OVERRIDE base: no masked data in an export, whatever way leads to it."""
        names = {path[0] for path in fields if path}
        if any(map(self._dealer_get_mask_kind, names)) and self._dealer_needs_mask():
            raise AccessError(
                self.env._("Telephones and mail addresses are exported by those who may see them.")
            )
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    # === SEARCHING ===

    @api.model
    def _search(self, domain, *args, **kwargs):
        """OVERRIDE base: see ``dealer.masked.mixin._dealer_guard_match``."""
        if self._dealer_needs_mask():
            domain = self._dealer_guard_domain(Domain(domain))
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _dealer_guard_domain(self, domain):
        """The domain, with conditions on masked fields narrowed, at the end of any path."""
        return domain.map_conditions(self._dealer_guard_condition)

    def _dealer_guard_condition(self, condition):
        name, _dot, rest = condition.field_expr.partition(".")
        field = self._fields.get(name)
        if field is None:
            return condition
        if rest or (field.related and not field.store and self._dealer_get_mask_kind(name)):
            return self._dealer_guard_path(condition, field, rest)
        if "any" in condition.operator and isinstance(condition.value, Domain | list | tuple):
            value = Domain(condition.value)
            guarded = self.env[field.comodel_name]._dealer_guard_domain(value)
            return condition if guarded == value else Domain(name, condition.operator, guarded)
        if name in getattr(self, "_dealer_masked_fields", ()):
            return self._dealer_guard_match(condition)
        if name in self._dealer_masked_links and condition.operator not in EQUALITY:
            return Domain(condition.operator in NEGATIVE_LIKE)  # nothing to be guessed here
        return condition

    def _dealer_guard_path(self, condition, field, rest):
        """The same for a path and for a related field, which is short for one."""
        if not rest:
            path, _dot, rest = field.related.partition(".")
            field = self._fields[path]
        if not field.relational:  # a property, a part of a date
            return condition
        inner = Domain(rest, condition.operator, condition.value)
        guarded = self.env[field.comodel_name]._dealer_guard_domain(inner)
        return condition if guarded == inner else Domain(field.name, "any", guarded)

    # === WRITING TO CUSTOMERS ===

    def _message_get_suggested_recipients(self, *args, **kwargs):
        """OVERRIDE mail: what the chatter shows; programs that send ask the batch method."""
        rows = super()._message_get_suggested_recipients(*args, **kwargs)
        if not self._dealer_needs_mask():
            return rows
        people = self.env["res.partner"].browse([r["partner_id"] for r in rows if r["partner_id"]])
        hidden = set(people.filtered("dealer_is_masked").ids)
        is_masked = isinstance(self, self.pool["dealer.masked.mixin"])
        if not is_masked or self.id not in self._dealer_get_opened_ids():
            hidden.add(False)  # addresses of nobody: of the record, or of its letters
        return [self._dealer_mask_row(r) if r["partner_id"] in hidden else r for r in rows]

    def _dealer_mask_row(self, row):
        """A suggested recipient with stars; the address found by them again when sending."""
        name = row["name"]
        return {
            **row,
            "email": mask_email(row["email"]),
            # without a name it is the address
            "name": mask_email(name) if name and "@" in name else name,
            "create_values": {},
        }
