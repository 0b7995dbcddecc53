from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class DealerChecklistLine(models.Model):
    """What was found is repaired at once, or becomes a damage of the car with its own repair."""

    _inherit = "dealer.checklist.line"

    result = fields.Selection(selection_add=[("repaired", "Repaired")])

    @api.constrains("result", "measured_text", "note")
    def _check_repair_has_note(self):
        """A repair says what was done, and a repaired measure has been measured again."""
        for line in self.filtered(lambda line: line.result == "repaired"):
            if not line.note:
                raise ValidationError(
                    self.env._(
                        "%(item)s: write in the note what was repaired, then mark it as repaired.",
                        item=line.name,
                    )
                )
            if line.is_out_of_limit:
                raise ValidationError(
                    self.env._(
                        "%(item)s: measure again after the repair; %(value)s is outside the limit "
                        "(%(limit)s).",
                        item=line.name,
                        value=line.measured_text,
                        limit=line.limit_text,
                    )
                )

    def action_record_damage(self):
        """Open the damage of the car that this failed item is about, made where there is none.

        :raise UserError: the item is not one that failed on a car
        """
        self.ensure_one()
        self.check_access("read")
        if self.result != "not_ok" or self.checklist_id.res_model != "dealer.vehicle":
            raise UserError(self.env._("Only an item that is not OK on a car becomes a damage."))
        # sudo: inspectors and technicians find damages, others look after the claims
        Damage = self.env["dealer.vehicle.damage"].sudo()
        damage = Damage.search([("checklist_line_id", "=", self.id)], limit=1)
        if not damage:
            damage = Damage.create(self._prepare_damage_vals())
            damage.message_post(
                body=self.env._("Found at the inspection: %(item)s", item=self.name),
                attachments=[(photo.name, photo.raw) for photo in self.attachment_ids],
            )
        return damage.sudo(False)._get_records_action(name=self.env._("Damage"))

    def _prepare_damage_vals(self):
        """Values of the damage that a failed item is."""
        self.ensure_one()
        vehicle = self.env["dealer.vehicle"].browse(self.checklist_id.res_id)
        found = " ".join(filter(None, (self.measured_text, self.measure_unit)))
        return {
            "vehicle_id": vehicle.id,
            "checklist_line_id": self.id,
            "company_id": (self.checklist_id.company_id or vehicle.company_id).id,
            "user_id": self.env.uid,
            "part": "technical" if self.needs_measurement else "body",
            "description": ": ".join(filter(None, (self.name, self.note or found))),
        }
