from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerChannel(models.Model):
    """The way by which somebody came to us: two levels, walk-in to used-car platform.

    Every channel stands for a source and a medium of Odoo's campaign tracking, so that links,
    mailings and web forms tell the channel by themselves.
    """

    _name = "dealer.channel"
    _description = "Customer Channel"
    _parent_store = True
    _order = "sequence, id"
    _rec_names_search = ["name", "code", "parent_id.name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The name that import files and programs use.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one("dealer.channel", "Kind", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("dealer.channel", "parent_id", "Channels")
    source_id = fields.Many2one(
        "utm.source", index="btree_not_null", help="Source of links and mailings of this channel."
    )
    medium_id = fields.Many2one("utm.medium", index="btree_not_null")
    aliases = fields.Char(
        help="Other names in files of media, separated by commas: autohome, 汽车之家."
    )
    is_dcc = fields.Boolean(
        "For the Invitation Desk",
        help="Leads of this channel are read by the agents of the invitation desk (DCC).",
    )

    _code_uniq = models.UniqueIndex("(code)", "A channel with this code exists already.")

    @api.constrains("parent_id")
    def _check_two_levels(self):
        for channel in self:
            if channel.parent_id.parent_id or (channel.parent_id and channel.child_ids):
                raise ValidationError(
                    self.env._("Channels have two levels: a kind and the channels of that kind.")
                )

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for channel in self:
            names = [channel.parent_id.name, channel.name]
            channel.display_name = " / ".join(name for name in names if name)

    @api.model
    def _dealer_get_by_text(self):
        """All channels by what files call them: name, code, source and aliases in small letters.

        :return: dict of records
        """
        found = {}
        for lang in ("en_US", self.env.lang or "en_US"):
            for channel in self.with_context(lang=lang).search([("active", "=", True)]):
                texts = [channel.code, channel.name, channel.display_name, channel.source_id.name]
                for text in [*texts, *(channel.aliases or "").replace("，", ",").split(",")]:
                    if text and text.strip():
                        found.setdefault(text.strip().casefold(), channel.with_env(self.env))
        return found
