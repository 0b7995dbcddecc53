from odoo import api, models

#: Items about body and paint that we ship.
BODY_ITEMS = (
    "checklist_template_arrival_11",
    "checklist_template_pdi_03",
    "checklist_template_pdi_nev_03",
)


class DealerChecklistTemplateLine(models.Model):
    """An inspection copies from its template which items are about body and paint."""

    _inherit = "dealer.checklist.template.line"

    @api.model
    def _get_snapshot_fields(self):
        return [*super()._get_snapshot_fields(), "dealer_is_body"]

    def _init_column(self, column_name):
        """Mark the shipped items of databases that have them already: data files do not."""
        result = super()._init_column(column_name)
        if column_name == "dealer_is_body":
            self.env.cr.execute(
                """
                UPDATE dealer_checklist_template_line line
                   SET dealer_is_body = TRUE
                  FROM ir_model_data data
                 WHERE data.module = 'dealer_vehicle'
                   AND data.model = 'dealer.checklist.template.line'
                   AND data.name IN %s
                   AND data.res_id = line.id
                """,
                (BODY_ITEMS,),
            )
        return result
