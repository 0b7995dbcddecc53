from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What the buyer of a new car is told of a repair follows from these.
REPAIR_FIELDS = {"result", "note", "dealer_no_body_work"}


class DealerChecklistLine(models.Model):
    """What was found is repaired at once, or becomes a damage of the car with its own repair."""

    _inherit = "dealer.checklist.line"

    result = fields.Selection(selection_add=[("repaired", "Repaired")])
    dealer_no_body_work = fields.Boolean(
        "No Paint or Body Work Was Done",
        copy=False,
        help="What was repaired here needed neither paint nor body work: nothing that the buyer of"
        " a new car must be told. The note says what was done.",
    )
    dealer_no_body_work_by_id = fields.Many2one(
        "res.users", string="Stated By", readonly=True, copy=False
    )
    dealer_no_body_work_on = fields.Datetime(string="Stated On", readonly=True, copy=False)

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

    # === BODY AND PAINT ===
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._dealer_settle_body_repairs({})
        return lines

    def write(self, vals):
        if not REPAIR_FIELDS & vals.keys():
            return super().write(vals)
        self._dealer_check_repair_stays(vals)
        found = {line.id: line.note for line in self if line.result == "not_ok"}
        if vals.get("result", "repaired") != "repaired":
            vals = {**vals, "dealer_no_body_work": False}
        result = super().write(vals)
        self._dealer_settle_body_repairs(found)
        return result

    @api.model
    def _check_only_answer(self, vals):
        """That no body work was done is part of the answer."""
        return super()._check_only_answer(
            {name: value for name, value in vals.items() if name != "dealer_no_body_work"}
        )

    def _dealer_check_repair_stays(self, vals):
        """What was repaired is not rewritten: the buyer is told of it."""
        # sudo: inspectors may not read all damages
        damages = self.sudo()._dealer_get_damages().filtered("is_repaired")
        for line in damages.checklist_line_id:
            if any(line[name] != vals[name] for name in REPAIR_FIELDS & vals.keys()):
                raise UserError(
                    self.env._(
                        "%(item)s: this repair is recorded, and the buyer of the car is told of it."
                        " Record what was done later as another damage of the car.",
                        item=line.name,
                    )
                )

    def _dealer_settle_body_repairs(self, found):
        """Record paint and body work on new cars, or that there was none.

        Guiding case 17 of the Supreme Court (张莉案): the buyer of a new car that was repaired must
        have been told, so whoever writes "repaired" here makes the damage that is disclosed.

        :param found: what had been found, by id of the items that were not OK before
        """
        for line in self.filtered(lambda line: line.result == "repaired" and line.dealer_is_body):
            car = line._dealer_get_car()
            if not car or not self.env["dealer.vehicle.damage"]._is_told(car):
                continue
            if line.dealer_no_body_work:
                line._dealer_state_no_body_work()
            else:
                line._dealer_record_repair(found.get(line.id))

    def _dealer_state_no_body_work(self):
        """Keep who said that there was nothing to tell, when, and in which words."""
        self.ensure_one()
        # sudo: who and when are never theirs to choose
        self.sudo().write(
            {
                "dealer_no_body_work_by_id": self.env.uid,
                "dealer_no_body_work_on": fields.Datetime.now(),
            }
        )
        self.checklist_id.message_post(
            body=self.env._(
                "%(item)s: repaired, no paint or body work was done. %(note)s",
                item=self.name,
                note=self.note,
            )
        )

    def _dealer_record_repair(self, found):
        """The damage of this item, made where there is none, has been repaired.

        :param found: what had been found before the repair, if anybody wrote it
        """
        self.ensure_one()
        # sudo: as in action_record_damage
        damage = self.sudo()._dealer_get_damages()
        if not damage:
            damage = self._dealer_make_damage(found or "")
        if not damage.is_repaired:
            damage.repair_note = self.note
            damage.action_repaired()

    def _dealer_get_car(self):
        """The car that the item is about, if it is one."""
        self.ensure_one()
        # sudo: which record it is, is asked for the inspector of any car
        checklist = self.sudo().checklist_id
        is_car = checklist.res_model == "dealer.vehicle"
        car = self.env["dealer.vehicle"].browse(checklist.res_id if is_car else [])
        return car.sudo()  # sudo: as above

    def _dealer_get_damages(self):
        """Damages that these items were recorded as; one at most for each."""
        return self.env["dealer.vehicle.damage"].search([("checklist_line_id", "in", self.ids)])

    def _dealer_make_damage(self, found=None):
        """Record the damage that this item is, with its photos.

        :param found: what was found, else the note of the item
        """
        # sudo: inspectors and technicians find damages, others look after the claims
        damage = self.env["dealer.vehicle.damage"].sudo().create(self._prepare_damage_vals(found))
        damage.message_post(
            body=self.env._("Found at the inspection: %(item)s", item=self.name),
            attachments=[(photo.name, photo.raw) for photo in self.attachment_ids],
        )
        return damage

    def action_record_damage(self):
        """Open the damage of the car that this failed item is about, made where there is none.

        :raise UserError: the item is not one that failed on a car
        """
        self.ensure_one()
        self.check_access("read")
        if self.result != "not_ok" or self.checklist_id.res_model != "dealer.vehicle":
            raise UserError(self.env._("Only an item that is not OK on a car becomes a damage."))
        # sudo: inspectors and technicians find damages, others look after the claims
        damage = self.sudo()._dealer_get_damages() or self._dealer_make_damage()
        return damage.sudo(False)._get_records_action(name=self.env._("Damage"))

    def _prepare_damage_vals(self, found=None):
        """Values of the damage that a failed item is."""
        self.ensure_one()
        vehicle = self.env["dealer.vehicle"].browse(self.checklist_id.res_id)
        if found is None:
            measured = " ".join(filter(None, (self.measured_text, self.measure_unit)))
            found = self.note or measured
        is_technical = self.needs_measurement and not self.dealer_is_body
        return {
            "vehicle_id": vehicle.id,
            "checklist_line_id": self.id,
            "company_id": (self.checklist_id.company_id or vehicle.company_id).id,
            "user_id": self.env.uid,
            "part": "technical" if is_technical else "body",
            "description": ": ".join(filter(None, (self.name, found))),
        }
