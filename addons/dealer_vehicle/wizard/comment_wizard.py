from odoo import fields, models


class CommentWizard(models.TransientModel):
    """The engine's window for a comment; it takes its reviews from the client."""

    _inherit = "comment.wizard"

    # the name of the model comes from the client too
    res_model = fields.Char(readonly=True)

    def add_comment(self):
        """Decide with a comment, on reviews that are the user's to decide on."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id)
        document._dealer_check_may_review()
        # sudo: the engine writes the comment on the reviews
        wizard = self.sudo()
        wizard.review_ids &= document._dealer_get_open_reviews()
        return super(CommentWizard, wizard).add_comment()
