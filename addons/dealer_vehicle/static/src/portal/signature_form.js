import { SignatureForm } from "@portal/signature_form/signature_form";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/**
 * When the server refuses a signature, Odoo leaves the button turning for ever. Here it comes back,
 * with the reason above it; what the server does not mean for customers is not shown.
 */
patch(SignatureForm.prototype, {
    async onClickSubmit() {
        const button = this.rootRef.el.querySelector(".o_portal_sign_submit");
        const content = [...button.childNodes];
        this.state.error = false;
        try {
            await super.onClickSubmit(...arguments);
        } catch {
            this.state.error = _t(
                "Your signature could not be sent. Please try again, or ask your consultant."
            );
        }
        if (this.state.error) {
            button.replaceChildren(...content);
            button.classList.remove("o_btn_loading", "disabled", "pe-none");
            button.disabled = false;
        }
    },
});
