from odoo.tests import TransactionCase, new_test_user, tagged

#: Role → the dealership roles and features that it implies, directly or not. Everything that is
#: not named here must not be implied: read it as the table of who may act for whom.
ROLES = {
    "employee": set(),
    "vehicle_cost": {"employee"},
    "personal_data": {"employee"},
    "sales_consultant": {"employee"},
    "dcc": {"employee"},
    "sales_manager": {"employee", "sales_consultant", "dcc", "vehicle_cost", "personal_data"},
    "appraiser": {"employee"},
    "usedcar_manager": {"employee", "appraiser", "vehicle_cost"},
    "stock_keeper": {"employee"},
    "cashier": {"employee"},
    "accountant": {"employee", "vehicle_cost", "personal_data"},
    "finance_manager": {"employee", "accountant", "vehicle_cost", "personal_data"},
    "service_advisor": {"employee"},
    "technician": {"employee"},
    "foreman": {"employee", "technician"},
    "inspector": {"employee"},
    "warranty_clerk": {"employee"},
    "service_manager": {
        "employee",
        "service_advisor",
        "technician",
        "foreman",
        "warranty_clerk",
    },
    "parts_keeper": {"employee"},
    "parts_manager": {"employee", "parts_keeper"},
    "customer_care": {"employee", "personal_data"},
    "marketing": {"employee"},
    "fni": {"employee", "personal_data"},
    "hr": {"employee"},
    "general_manager": {
        "employee",
        "vehicle_cost",
        "personal_data",
        "sales_consultant",
        "dcc",
        "sales_manager",
        "appraiser",
        "usedcar_manager",
        "service_advisor",
        "technician",
        "foreman",
        "warranty_clerk",
        "service_manager",
        "parts_keeper",
        "parts_manager",
        "customer_care",
        "marketing",
        "fni",
    },
    "group_manager": {"employee", "vehicle_cost"},
    "admin": {"employee"},
}

#: One selection on the user form: privilege → its roles from the lowest to the highest.
LADDERS = {
    "employee": ["employee"],
    "sales": ["sales_consultant", "sales_manager"],
    "dcc": ["dcc"],
    "usedcar": ["appraiser", "usedcar_manager"],
    "stock": ["stock_keeper"],
    "cashier": ["cashier"],
    "accounting": ["accountant", "finance_manager"],
    "service": ["service_advisor", "service_manager"],
    "workshop": ["technician", "foreman"],
    "inspection": ["inspector"],
    "warranty": ["warranty_clerk"],
    "parts": ["parts_keeper", "parts_manager"],
    "care": ["customer_care"],
    "marketing": ["marketing"],
    "fni": ["fni"],
    "hr": ["hr"],
    "management": ["general_manager"],
    "group": ["group_manager"],
    "admin": ["admin"],
}

#: Groups of the core that book: whoever has one of them writes or posts journal entries.
BOOKING_GROUPS = (
    "account.group_account_invoice",
    "account.group_account_user",
    "account.group_account_manager",
)


@tagged("post_install", "-at_install")
class TestRoles(TransactionCase):
    """The posts of a dealership, what they imply and what they must not."""

    def _group(self, role):
        return self.env.ref(f"dealer_base.group_{role}")

    def _own_roles(self, groups):
        """Return the dealership roles among ``groups``, by their short names."""
        own = {self._group(role): role for role in ROLES}
        return {own[group] for group in groups if group in own}

    def test_every_role_implies_what_the_table_says_and_nothing_else(self):
        for role, implied in ROLES.items():
            with self.subTest(role=role):
                group = self._group(role)
                self.assertEqual(self._own_roles(group.all_implied_ids - group), implied)

    def test_table_names_every_group_of_the_addon(self):
        names = self.env["ir.model.data"].search(
            [("module", "=", "dealer_base"), ("model", "=", "res.groups")]
        )
        self.assertEqual(set(names.mapped("name")), {f"group_{role}" for role in ROLES})

    def test_everybody_is_an_internal_user(self):
        for role in ROLES:
            with self.subTest(role=role):
                self.assertIn(self.env.ref("base.group_user"), self._group(role).all_implied_ids)

    def test_each_department_is_one_selection_from_low_to_high(self):
        category = self.env.ref("dealer_base.module_category_dealership")
        for name, roles in LADDERS.items():
            with self.subTest(privilege=name):
                privilege = self.env.ref(f"dealer_base.privilege_{name}")
                self.assertEqual(privilege.category_id, category)
                steps = privilege.group_ids.sorted("sequence")
                self.assertEqual(steps.ids, [self._group(role).id for role in roles])
                for low, high in zip(steps, steps[1:], strict=False):
                    self.assertIn(low, high.all_implied_ids)
        self.assertEqual(len(category.privilege_ids), len(LADDERS))

    def test_every_role_says_what_it_is_for(self):
        for role in ROLES:
            with self.subTest(role=role):
                self.assertGreater(len(self._group(role).comment or ""), 30)

    def test_role_is_given_on_the_user_form(self):
        sara = new_test_user(self.env, "test_sara", "base.group_user")
        sara.group_ids += self._group("sales_manager")
        self.assertTrue(sara.has_group("dealer_base.group_employee"))
        self.assertTrue(sara.has_group("dealer_base.group_vehicle_cost"))


@tagged("post_install", "-at_install")
class TestSegregation(TransactionCase):
    """Duties that one post may never unite."""

    def _user(self, role):
        """Return somebody who holds only ``role``."""
        login = f"only_{role}"
        user = self.env["res.users"].search([("login", "=", login)])
        return user or new_test_user(self.env, login, f"dealer_base.group_{role}")

    def _assert_never(self, role, *others):
        user = self._user(role)
        for other in others:
            with self.subTest(role=role, other=other):
                self.assertFalse(user.has_group(f"dealer_base.group_{other}"))

    def test_administrator_holds_no_business_role(self):
        self._assert_never("admin", *(set(ROLES) - {"admin", "employee"}))

    def test_no_business_role_administrates(self):
        for role in set(ROLES) - {"admin"}:
            with self.subTest(role=role):
                user = self._user(role)
                self.assertFalse(user.has_group("dealer_base.group_admin"))
                self.assertFalse(user.has_group("base.group_erp_manager"))

    def test_general_manager_posts_no_vouchers(self):
        self._assert_never("general_manager", "cashier", "accountant", "finance_manager", "hr")
        user = self._user("general_manager")
        for group in BOOKING_GROUPS:
            with self.subTest(group=group):
                self.assertFalse(user.has_group(group))

    def test_cash_and_vouchers_are_apart(self):
        self._assert_never("cashier", "accountant", "finance_manager")
        self._assert_never("accountant", "cashier")
        self._assert_never("finance_manager", "cashier")

    def test_cashier_is_no_accountant_of_the_core(self):
        user = self._user("cashier")
        for group in BOOKING_GROUPS[1:]:
            with self.subTest(group=group):
                self.assertFalse(user.has_group(group))

    def test_cost_is_hidden_from_those_who_sell_repair_and_call(self):
        for role in (
            "sales_consultant",
            "dcc",
            "stock_keeper",
            "technician",
            "service_advisor",
            "customer_care",
            "marketing",
            "fni",
        ):
            self._assert_never(role, "vehicle_cost")

    def test_personal_data_is_hidden_from_technician_and_marketing(self):
        for role in ("technician", "foreman", "marketing", "stock_keeper"):
            self._assert_never(role, "personal_data")

    def test_who_does_the_work_does_not_check_or_approve_it(self):
        self._assert_never("technician", "inspector", "foreman")
        self._assert_never("inspector", "technician")
        self._assert_never("appraiser", "usedcar_manager")
        self._assert_never("parts_keeper", "parts_manager")
        self._assert_never("warranty_clerk", "service_manager")

    def test_consultant_exports_nothing(self):
        for role in ("sales_consultant", "dcc", "customer_care", "marketing"):
            with self.subTest(role=role):
                self.assertFalse(self._user(role).has_group("base.group_allow_export"))

    def test_group_manager_decides_nothing_in_a_store(self):
        self._assert_never(
            "group_manager", *(set(ROLES) - ROLES["group_manager"] - {"group_manager"})
        )
