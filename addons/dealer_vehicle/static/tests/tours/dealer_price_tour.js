import { registry } from "@web/core/registry";

// Texts differ by language, so every trigger is a technical name.
registry.category("web_tour.tours").add("dealer_price_ask_tour", {
    steps: () => [
        {
            content: "the consultant opens the quotation",
            trigger: ".o_data_row:contains(赵一凡) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "the form says at once that the price needs approval",
            trigger: ".o_form_view [name=dealer_approval] .o_field_badge[name=dealer_approval_level]",
        },
        {
            content: "her own confirmation is refused",
            trigger: ".o_form_view button[name=action_confirm]:enabled",
            run: "click",
        },
        { trigger: ".o_error_dialog, .modal:has(.o_dialog_warning, [role=alert])" },
        { trigger: ".modal .modal-footer button:first", run: "click" },
        {
            content: "she asks, and says why",
            trigger: ".o_form_view:not(:has(.modal)) button[name=action_dealer_request_approval]:enabled",
            run: "click",
        },
        { trigger: ".modal .o_field_radio[name=reason_id] input:first", run: "click" },
        { trigger: ".modal .o_field_widget[name=note] textarea", run: "edit 隔壁店报价更低" },
        { trigger: ".modal button[name=action_request]:enabled", run: "click" },
        {
            content: "now the deal waits",
            trigger: "body:not(:has(.modal)) .o_form_view button[name=restart_validation]",
        },
    ],
});

registry.category("web_tour.tours").add("dealer_price_approve_tour", {
    steps: () => [
        {
            content: "the manager's phone shows the deal as a card",
            trigger: ".o_kanban_record:contains(赵一凡) button[name=action_dealer_approve]",
            run: "click",
        },
        {
            content: "second tap",
            trigger: ".modal button[name=action_decide].btn-success:enabled",
            run: "click",
        },
        {
            content: "nothing waits any more",
            trigger: "body:not(:has(.modal)) .o_kanban_view:not(:has(.o_kanban_record:contains(赵一凡)))",
        },
    ],
});

registry.category("web_tour.tours").add("dealer_price_confirm_tour", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(赵一凡) .o_data_cell[name=partner_id]",
            run: "click",
        },
        { trigger: ".o_form_view button[name=action_confirm]:enabled", run: "click" },
        { trigger: ".o_statusbar_status button[data-value=sale].o_arrow_button_current" },
    ],
});

registry.category("web_tour.tours").add("dealer_price_ledger_tour", {
    steps: () => [
        {
            content: "the discount is in the leak ledger, with what it costs",
            trigger:
                ".o_data_row:contains(2,800.00) .o_data_cell[name=cost]:contains(13,097.35)",
        },
    ],
});
