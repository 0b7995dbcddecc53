from odoo import models
from odoo.exceptions import AccessError

#: What a file is and where it belongs; its name and description stay free.
CONTENT = {"datas", "db_datas", "raw", "res_field", "res_id", "res_model", "store_fname"}


class IrAttachment(models.Model):
    """Files that prove something are as fixed as the document that they belong to.

    Odoo asks for the right to write the document only. Whoever may write a finished inspection
    could delete its photos, or put another picture in the place of a signature.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENT & vals.keys():
            self._dealer_check_not_fixed()
        return super().write(vals)

    def unlink(self):
        self._dealer_check_not_fixed()
        return super().unlink()

    def _dealer_check_not_fixed(self):
        """:raise AccessError: one of the files belongs to a document that is done"""
        if self.env.su or not self:  # the fields of a document write their files so
            return
        for attachment in self._dealer_get_fixed_files():
            raise AccessError(
                self.env._(
                    "“%(file)s” belongs to a document that is done or signed, and stays as it is.",
                    file=attachment.name,
                )
            )

    def _dealer_get_fixed_files(self):
        """Hook: which of these files nobody changes or deletes any more.

        :return: attachments, as superuser
        """
        # sudo: who may not read the document is refused as well
        files = self.sudo().exists()
        fields_of_ours = files.filtered(
            lambda file: file.res_field and (file.res_model or "").startswith("dealer.")
        )
        lines = (
            self.env["dealer.checklist.line"]
            .sudo()  # sudo: as above
            .search([("attachment_ids", "in", files.ids), ("checklist_id.state", "=", "done")])
        )
        return fields_of_ours | (files & lines.attachment_ids)
