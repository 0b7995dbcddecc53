"""One test for all key figures of the suite, whichever addon registered them."""

from odoo.tests import TransactionCase, tagged

from .kpi_common import KpiCheck


@tagged("post_install", "-at_install")
class TestKpiRegistry(KpiCheck, TransactionCase):
    def test_every_figure_is_what_its_rows_add_up_to(self):
        self.check_all_kpis()

    def test_every_figure_says_what_it_is(self):
        for kpi in self.env["dealer.kpi"].with_context(active_test=False).search([]):
            with self.subTest(kpi.code):
                self.assertTrue(kpi.formula.strip())
                kpi._check_definition()
                self.assertTrue(kpi.month_value)
