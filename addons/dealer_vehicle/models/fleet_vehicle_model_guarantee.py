from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Field of a trim by the legal rule about it; the last one is a ceiling, the others are floors.
GUARANTEE_RULES = {
    "dealer_warranty_months": "guarantee_repair_months",
    "dealer_warranty_km": "guarantee_repair_km",
    "dealer_guarantee_months": "guarantee_months",
    "dealer_guarantee_km": "guarantee_km",
    "dealer_usage_factor": "guarantee_usage_factor",
}


class FleetVehicleModel(models.Model):
    """What the maker guarantees on cars of a trim, never less than the law."""

    _inherit = "fleet.vehicle.model"  # pylint: disable=consider-merging-classes-inherited

    dealer_warranty_months = fields.Integer(
        "Repair Guarantee (Months)", help="包修期. Empty: as the law asks."
    )
    dealer_warranty_km = fields.Integer("Repair Guarantee (km)", help="Empty: as the law asks.")
    dealer_guarantee_months = fields.Integer(
        "Three Guarantees (Months)", help="三包有效期. Empty: as the law asks."
    )
    dealer_guarantee_km = fields.Integer("Three Guarantees (km)", help="Empty: as the law asks.")
    dealer_usage_factor = fields.Float(
        "Usage Factor (%)",
        digits=(16, 3),
        help="Share of the price for each 1,000 km that a buyer pays when the car is taken back"
        " (使用补偿系数), as printed on the maker's voucher. Empty: the most that the law allows.",
    )

    def _dealer_get_guarantee(self, name, date=None):
        """What holds for a car of this trim that is handed over on ``date``.

        :param name: field, see ``GUARANTEE_RULES``
        :return: months, kilometres or per cent
        """
        return self[name] or self._dealer_get_legal_guarantee(name, date)

    @api.model
    def _dealer_get_legal_guarantee(self, name, date=None):
        """The legal limit for a field, as a number."""
        # a catalogue belongs to no company and no province in particular
        value = self.env["dealer.parameter"]._get_value(
            GUARANTEE_RULES[name],
            date,
            company=self.env["res.company"],
            region=self.env["res.country.state"],
        )
        return float(value) if name == "dealer_usage_factor" else int(value)

    @api.constrains(*GUARANTEE_RULES)
    def _check_guarantee(self):
        """No maker may promise less than the law."""
        for model in self:
            for name in GUARANTEE_RULES:
                limit = model[name] and self._dealer_get_legal_guarantee(name)
                is_ceiling = name == "dealer_usage_factor"
                if limit and (model[name] > limit if is_ceiling else model[name] < limit):
                    raise ValidationError(
                        self.env._(
                            "%(field)s of %(trim)s: %(value)s is worse for the buyer than the law"
                            " allows (%(limit)s).",
                            field=self._fields[name]._description_string(self.env),
                            trim=model.display_name,
                            value=model[name],
                            limit=limit,
                        )
                    )
