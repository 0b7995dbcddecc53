import { registry } from "@web/core/registry";

// Texts differ by language, so every trigger is a technical name.
registry.category("web_tour.tours").add("dealer_contract_sign_tour", {
    steps: () => [
        { trigger: "body[is-ready=true]" },
        {
            content: "the customer has read the clauses of his contract",
            trigger: "#quote_content .o_dealer_clauses",
        },
        {
            content: "and signs on his telephone",
            trigger: "a[data-bs-target='#modalaccept']",
            run: "click",
        },
        {
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "edit 赵一凡",
        },
        { trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        {
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page thanks him, and nothing is left to sign",
            trigger: ".alert-success[role=status]",
        },
    ],
});
