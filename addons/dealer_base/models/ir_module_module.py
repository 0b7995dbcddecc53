from odoo import api, models
from odoo.tools import SQL


class IrModuleModule(models.Model):
    """Loads the terms of fields that a model takes from an abstract one.

    The values of such a selection belong, as Odoo files them, to the addon of the abstract model,
    whose translation cannot name models of addons that come later: imports, stocktakes and so on
    would show them in English. So they take the translation of the field they come from.
    """

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        res = super()._load_module_terms(modules, langs, overwrite=overwrite)
        self._dealer_load_inherited_terms(langs)
        return res

    @api.model
    def _dealer_load_inherited_terms(self, langs):
        """Give inherited field names, helps and selection values the terms of their origin.

        Only where the English is the same, and never over a translation of their own.

        :param langs: codes of the languages that were loaded
        """
        langs = [lang for lang in langs if lang != "en_US"]
        self.env.flush_all()
        for lang in langs:
            while self._dealer_copy_inherited_terms(lang):  # once per step of inheritance
                pass
        if langs:
            self.env.invalidate_all()
            self.env.registry.clear_cache("default", "stable")

    @api.model
    def _dealer_copy_inherited_terms(self, lang):
        """Copy terms from the direct parents of each model; number of terms that were copied."""
        cr = self.env.cr
        copied = 0
        for column in (SQL("field_description"), SQL("help")):
            cr.execute(
                SQL(
                    """
                    UPDATE ir_model_fields own
                       SET %(column)s = jsonb_set(
                               own.%(column)s, ARRAY[%(lang)s], origin.%(column)s -> %(lang)s
                           )
                      FROM ir_model_inherit inherit
                      JOIN ir_model_fields origin ON origin.model_id = inherit.parent_id
                     WHERE inherit.model_id = own.model_id
                       AND origin.name = own.name
                       AND origin.%(column)s ->> 'en_US' = own.%(column)s ->> 'en_US'
                       AND origin.%(column)s -> %(lang)s IS NOT NULL
                       AND own.%(column)s -> %(lang)s IS NULL
                    """,
                    column=column,
                    lang=lang,
                )
            )
            copied += cr.rowcount
        cr.execute(
            SQL(
                """
                UPDATE ir_model_fields_selection own
                   SET name = jsonb_set(own.name, ARRAY[%(lang)s], origin.name -> %(lang)s)
                  FROM ir_model_fields own_field
                  JOIN ir_model_inherit inherit ON inherit.model_id = own_field.model_id
                  JOIN ir_model_fields origin_field
                    ON origin_field.model_id = inherit.parent_id
                   AND origin_field.name = own_field.name
                  JOIN ir_model_fields_selection origin ON origin.field_id = origin_field.id
                 WHERE own.field_id = own_field.id
                   AND origin.value = own.value
                   AND origin.name ->> 'en_US' = own.name ->> 'en_US'
                   AND origin.name -> %(lang)s IS NOT NULL
                   AND own.name -> %(lang)s IS NULL
                """,
                lang=lang,
            )
        )
        return copied + cr.rowcount
