import { registry } from "@web/core/registry";

// Texts differ by language, so every trigger is a technical name.
const button = (name) => `.o_form_view button[name=${name}]:enabled`;
const state = (value) =>
    `.o_statusbar_status button[data-value=${value}].o_arrow_button_current`;
const tick = (name) => ({
    content: `tick ${name}`,
    trigger: `.o_field_widget[name=${name}] input[type=checkbox]:not(:checked)`,
    run: "click",
});

registry.category("web_tour.tours").add("dealer_delivery_pdi_tour", {
    steps: () => [
        {
            content: "the inspector starts the inspection on the car",
            trigger: button("action_start_pdi"),
            run: "click",
        },
        {
            content: "the first item is fine",
            trigger: ".o_kanban_record:contains(漆面) button[name=action_set_ok]",
            run: "click",
        },
        { trigger: ".o_kanban_record:contains(漆面) button[name=action_set_ok].btn-success" },
        {
            content: "so is the second",
            trigger: ".o_kanban_record:contains(灯光) button[name=action_set_ok]",
            run: "click",
        },
        { trigger: ".o_kanban_record:contains(灯光) button[name=action_set_ok].btn-success" },
        { trigger: button("action_done"), run: "click" },
        { trigger: state("done") },
    ],
});

registry.category("web_tour.tours").add("dealer_delivery_hand_over_tour", {
    steps: () => [
        {
            content: "the consultant opens the delivery from the order",
            trigger: button("action_plan_delivery"),
            run: "click",
        },
        { trigger: state("planned") },
        {
            content: "nothing blocks the car, but the light shows what is to do",
            trigger: ".o_field_widget[name=readiness_html] [data-item=pdi].text-bg-success",
        },
        tick("is_inspected_with_customer"),
        tick("is_papers_given"),
        tick("is_tools_given"),
        tick("is_guarantee_explained"),
        {
            content: "forget the safety notes: the car stays",
            trigger: button("action_hand_over"),
            run: "click",
        },
        { trigger: ".modal .o_error_dialog, .o_dialog:has(.modal-body)" },
        { trigger: ".o_dialog .modal-footer .btn-primary", run: "click" },
        tick("is_safety_reminded"),
        {
            trigger: ".o_field_widget[name=odometer] input",
            run: "edit 12 && click body",
        },
        {
            trigger: ".o_field_widget[name=signed_by] input",
            run: "edit 赵一凡 && click body",
        },
        {
            content: "the customer signs",
            trigger: ".o_field_widget[name=signature] .o_signature",
            run: "click",
        },
        { trigger: ".modal .o_web_sign_auto_button", run: "click" },
        { trigger: ".modal .modal-footer .btn-primary:enabled", run: "click" },
        { trigger: ".o_field_widget[name=signature] img" },
        { trigger: button("action_hand_over"), run: "click" },
        { content: "the car is the customer's", trigger: state("done") },
        { content: "there is a gate pass now", trigger: button("action_print_gate_pass") },
    ],
});

registry.category("web_tour.tours").add("dealer_delivery_gate_tour", {
    steps: () => [
        { trigger: state("done") },
        {
            content: "the stock keeper lets the car out",
            trigger: button("action_left"),
            run: "click",
        },
        { trigger: ".o_field_widget[name=left_by_id]:contains(Ken)" },
        { content: "the pass is used", trigger: ".o_form_view:not(:has(button[name=action_left]))" },
    ],
});
