import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("dealer_contract_refused_tour", {
    steps: () => [
        { trigger: "body[is-ready=true]" },
        { trigger: "a[data-bs-target='#modalaccept']", run: "click" },
        { trigger: ".modal .o_web_sign_name_and_signature input", run: "edit Li Ming" },
        { trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        { trigger: ".modal .o_portal_sign_submit:enabled", run: "click" },
        {
            content: "the customer reads why he has to wait",
            trigger: ".modal .o_portal_sign_error_msg",
        },
        {
            content: "and the button does not turn for ever",
            trigger: ".modal .o_portal_sign_submit:enabled:not(.o_btn_loading) .fa-check",
        },
    ],
});
