from odoo import models
from odoo.exceptions import AccessError

#: Links of a drive that say whose it is.
NAMED_LINKS = ("partner_id", "lead_id", "visit_id")


class DealerTestDrive(models.Model):
    """Everybody sees which demo car is taken; who drives is seen by who may open that customer.

    Screens read the names behind links past the rights, because whoever reads a record reads what
    it points to: here the calendar is everybody's and the customers are not. Who goes along or
    booked the drive knows whom.
    """

    _inherit = "dealer.test.drive"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_nameless(self, name):
        """Ids of the drives of which the user may not read whom a link names."""
        drives = self.sudo()  # sudo: only which records they are
        user = self.env.user
        others = drives.filtered(lambda drive: user not in drive.user_id | drive.create_uid)
        targets = others[name].sudo(False)
        hidden = targets - targets._filtered_access("read")
        return set(others.filtered(lambda drive: drive[name].sudo(False) <= hidden).ids)

    def _read_format(self, fnames, load="_classic_read"):
        """OVERRIDE base: a customer without name, for who may not open the file."""
        rows = super()._read_format(fnames, load)
        if not self.env.su and load:
            for name in set(NAMED_LINKS).intersection(fnames):
                nameless = self._dealer_get_nameless(name)
                for row in rows:
                    if row[name] and row["id"] in nameless:
                        row[name] = (row[name][0], self.env._("Customer"))
        return rows

    def web_read(self, specification):
        """OVERRIDE web: the same for forms, lists and calendars."""
        rows = super().web_read(specification)
        if self.env.su:
            return rows
        for name in set(NAMED_LINKS).intersection(specification):
            if "display_name" in specification[name].get("fields", {}):
                nameless = self._dealer_get_nameless(name)
                for row in rows:
                    if row[name] and row["id"] in nameless:
                        row[name] = {**row[name], "display_name": self.env._("Customer")}
        return rows

    def _read_group_groupby(self, alias, groupby_spec, query):
        """OVERRIDE base: the titles of groups would show the names."""
        is_named = groupby_spec.partition(":")[0].partition(".")[0] in NAMED_LINKS
        if is_named and not self.env.su and not self.env.user._dealer_serves_all_customers():
            raise AccessError(
                self.env._("Test drives are grouped by customer by those who serve all of them.")
            )
        return super()._read_group_groupby(alias, groupby_spec, query)
