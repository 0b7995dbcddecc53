from odoo import api, fields, models

#: Stages that Odoo brings: xmlid → (our code, place, English name as shipped, our English name)
CORE_STAGES = {
    "crm.stage_lead1": ("new", 10, "New", "Lead"),
    "crm.stage_lead2": ("profile", 20, "Qualified", "Profile"),
    "crm.stage_lead3": ("quotation", 60, "Proposition", "Quotation"),
    "crm.stage_lead4": ("ordered", 70, "Won", "Ordered"),
}


class CrmStage(models.Model):
    """A step on the way from lead to delivery, and what must be there to leave it (C-11)."""

    _inherit = "crm.stage"

    dealer_code = fields.Char(string="Code", index=True, copy=False)
    dealer_criterion_ids = fields.Many2many(
        "dealer.stage.criterion",
        string="To Leave the Stage",
        help="What must be there before a lead goes on from here.",
    )

    _dealer_code_uniq = models.UniqueIndex(
        "(dealer_code) WHERE dealer_code IS NOT NULL", "There is a stage with this code already."
    )

    @api.model
    def _dealer_setup(self):
        """Make Odoo's four stages steps of the trade, once; what a shop has renamed stays.

        They are kept, not replaced: leads and other modules point to them.
        """
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for xmlid, (code, sequence, shipped, name) in CORE_STAGES.items():
            stage = self.env.ref(xmlid, raise_if_not_found=False)
            taken = self.search_count([("dealer_code", "=", code)], limit=1)
            if not stage or stage.dealer_code or taken:
                continue
            stage.write({"dealer_code": code, "sequence": sequence})
            if stage.with_context(lang="en_US").name == shipped:
                stage.with_context(lang="en_US").name = name
                for lang in languages:
                    stage.with_context(lang=lang).name = self._dealer_get_names(lang)[code]
            stage.dealer_criterion_ids = self._dealer_get_default_criteria(code)

    @api.model
    def _dealer_get_names(self, lang):
        """What Odoo's stages are called here, in a language."""
        env = self.with_context(lang=lang).env
        return {
            "new": env._("Lead"),
            "profile": env._("Profile"),
            "quotation": env._("Quotation"),
            "ordered": env._("Ordered"),
        }

    @api.model
    def _dealer_get_default_criteria(self, code):
        """Criteria that a stage begins with; the shop changes them as it likes."""
        codes = {
            "new": ("contact_way", "first_talk"),
            "profile": ("person_name", "wish"),
            "quotation": ("quotation",),
        }
        return self.env["dealer.stage.criterion"].search([("code", "in", codes.get(code, ()))])
