from odoo import models


class ResPartner(models.Model):
    """Addresses in China are written from the large to the small."""

    _inherit = "res.partner"

    def _prepare_display_address(self, without_company=False):
        """OVERRIDE base: province, city and street on one line, then the postal code.

        Odoo's own form ("China, 222000" before the street) is no country's, and leaves a comma
        hanging without a postal code. A form that somebody has entered on the country is kept. At
        home the country is not written.
        """
        address_format, args = super()._prepare_display_address(without_company=without_company)
        if self.country_id.code != "CN" or not self._has_odoo_address_format():
            return address_format, args
        own = self._get_address_format()
        return address_format.replace(own, self._get_chinese_address_format(args)), args

    def _has_odoo_address_format(self):
        """Whether the country's address form is still the one that Odoo delivers."""
        lines = (self.country_id.address_format or "").split("\n")
        return lines[0] == "%(country_name)s, %(zip)s"

    def _get_chinese_address_format(self, args):
        """Form with a place for each part that is there.

        :param args: parts of the address by name
        """
        place = [name for name in ("state_name", "city", "street", "street2") if args.get(name)]
        if len(place) > 1 and args["state_name"] == args["city"]:
            place.remove("city")  # Beijing, Shanghai, Tianjin, Chongqing
        is_latin = "".join(args[name] for name in place).isascii()
        lines = [(" " if is_latin else "").join(f"%({name})s" for name in place)]
        if args.get("zip"):
            lines.append("%(zip)s")
        if args.get("country_name") and self.env.company.country_id != self.country_id:
            lines.append("%(country_name)s")
        return "\n".join(line for line in lines if line)
