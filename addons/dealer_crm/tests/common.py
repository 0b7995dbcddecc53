"""The people who look after customers."""

from odoo.addons.dealer_vehicle.tests.common import DealerVehicleCommon


class DealerCrmCommon(DealerVehicleCommon):
    """Golden Cars with its customer people.

    Sara and Tom are consultants of one store, Max is their manager, Dora calls the leads of the
    media (DCC), Cara is customer care, Mark does the marketing. Charlie sells in another company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_customers_owned = True
        cls.other_company.dealer_customers_owned = True
        cls.tom = cls._create_person("tom", "sales_consultant")
        cls.dora = cls._create_person("dora", "dcc")
        cls.cara = cls._create_person("cara", "customer_care")
        cls.mark = cls._create_person("mark", "marketing")

    @classmethod
    def _create_customer(cls, name="Zhang San", user=None, **vals):
        """A customer file, of nobody unless a user is given."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "lang": "en_US",
                "dealer_is_customer": True,
                "user_id": user.id if user else False,
                **vals,
            }
        )

    @classmethod
    def _create_lead(cls, name="Asks about a Lark", user=None, **vals):
        """A lead, of nobody unless a user is given."""
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "lead",
                "company_id": cls.company.id,
                "user_id": user.id if user else False,
                **vals,
            }
        )
