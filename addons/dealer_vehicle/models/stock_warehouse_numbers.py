from odoo import api, fields, models

#: Kind of paper: (field of its sequence, letters in the number, whether gaps are forbidden).
PAPERS = {
    "order": ("dealer_order_sequence_id", "SO", False),
    "contract": ("dealer_contract_sequence_id", "HT", True),
    "receipt": ("dealer_receipt_sequence_id", "SK", True),
    "refund": ("dealer_refund_sequence_id", "TD", True),
}


class StockWarehouse(models.Model):
    """A store numbers its papers itself.

    Orders may have gaps, because a quotation may be deleted. Contracts (合同), receipts (收据)
    and refunds (退订) are legal papers: their numbers run without gaps, year by year.
    """

    _inherit = "stock.warehouse"  # pylint: disable=consider-merging-classes-inherited

    dealer_order_sequence_id = fields.Many2one(
        "ir.sequence", string="Order Numbers", copy=False, check_company=True
    )
    dealer_contract_sequence_id = fields.Many2one(
        "ir.sequence", string="Contract Numbers", copy=False, check_company=True
    )
    dealer_receipt_sequence_id = fields.Many2one(
        "ir.sequence", string="Receipt Numbers", copy=False, check_company=True
    )
    dealer_refund_sequence_id = fields.Many2one(
        "ir.sequence", string="Refund Numbers", copy=False, check_company=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._dealer_create_sequences()
        return warehouses

    def write(self, vals):
        """Numbers follow a new code of the store, unless somebody has changed their form."""
        codes = {warehouse: warehouse.code for warehouse in self}
        result = super().write(vals)
        if "code" in vals:
            # sudo: who runs stores need not manage sequences
            for warehouse in self.sudo():
                for name, letters, _no_gap in PAPERS.values():
                    sequence = warehouse[name]
                    if sequence.prefix == self._dealer_get_prefix(codes[warehouse], letters):
                        sequence.prefix = self._dealer_get_prefix(warehouse.code, letters)
        return result

    @api.model
    def _dealer_get_prefix(self, code, letters):
        """Form of a number: store, paper, year."""
        return f"{code}-{letters}-%(range_year)s-"

    @api.model
    def _dealer_create_all_sequences(self):
        """Sequences of the stores that exist already."""
        # sudo: installing is nobody's job in particular
        stores = self.sudo().with_context(active_test=False)
        stores.search([("company_id", "!=", False)])._dealer_create_sequences()

    def _dealer_create_sequences(self):
        """Make what is missing; a sequence that somebody has changed stays as it is."""
        # sudo: who opens a store need not manage sequences
        for warehouse in self.sudo():
            missing = [paper for paper in PAPERS.values() if not warehouse[paper[0]]]
            sequences = warehouse.env["ir.sequence"].create(
                [
                    warehouse._prepare_dealer_sequence(letters, gap)
                    for _name, letters, gap in missing
                ]
            )
            # past stock, which looks through the routes of all companies at each write: they would
            # stay in the cache of a person who may not read the stores of the others
            models.BaseModel.write(
                warehouse,
                {
                    name: sequence.id
                    for (name, *_rest), sequence in zip(missing, sequences, strict=True)
                },
            )

    def _prepare_dealer_sequence(self, letters, no_gap):
        """Values of one sequence: store, paper, year and a number that starts again each year."""
        self.ensure_one()
        return {
            "name": f"{self.name} {letters}",
            "company_id": self.company_id.id,
            "implementation": "no_gap" if no_gap else "standard",
            "prefix": self._dealer_get_prefix(self.code, letters),
            "padding": 5,
            "use_date_range": True,
        }

    def _dealer_next_number(self, paper, date=None):
        """Next number of a paper in this store.

        :param paper: one of ``PAPERS``
        :param date: day of the paper; its year is in the number
        """
        self.ensure_one()
        # sudo: sequences are the administrator's, numbers everybody's who makes papers
        return self.sudo()[PAPERS[paper][0]].next_by_id(sequence_date=date)
