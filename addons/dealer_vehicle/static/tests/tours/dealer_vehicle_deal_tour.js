import { registry } from "@web/core/registry";

// Texts differ by language, so every trigger is a technical name.
const dialogOrPage = (button) => `.o_form_view button[name=${button}]:enabled`;

function openVehicle(vin) {
    return [
        {
            content: "search the car by the last digits of its VIN",
            trigger: ".o_searchview_input",
            run: `edit ${vin.slice(-6)}`,
        },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        {
            content: "open its card or its row",
            trigger: `.o_data_row:contains(${vin}) .o_data_cell:contains(${vin})`,
            run: "click",
        },
        { trigger: ".o_form_view .o_dealer_vin" },
    ];
}

registry.category("web_tour.tours").add("dealer_vehicle_sell_tour", {
    steps: () => [
        ...openVehicle("LSVAU2182T2990017"),
        {
            content: "the consultant does not see what the car cost",
            trigger: ".o_form_view:not(:has([name=unit_cost]))",
        },
        { trigger: dialogOrPage("action_create_quotation"), run: "click" },
        {
            content: "the quotation names the car already",
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(T2990017)",
        },
        {
            content: "choose the customer",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit 赵一凡",
        },
        {
            trigger: ".o_field_widget[name=partner_id] .o-autocomplete--dropdown-item:contains(赵一凡)",
            run: "click",
        },
        { content: "confirm the order", trigger: dialogOrPage("action_confirm"), run: "click" },
        {
            content: "the order is confirmed and holds the car",
            trigger: ".o_statusbar_status button[data-value=sale].o_arrow_button_current",
        },
        {
            content: "go to the car",
            trigger: "button[name=action_view_dealer_vehicles]",
            run: "click",
        },
        { trigger: ".o_statusbar_status button[data-value=reserved].o_arrow_button_current" },
    ],
});

registry.category("web_tour.tours").add("dealer_vehicle_deliver_tour", {
    steps: () => [
        {
            content: "the stock keeper opens the delivery of the car",
            trigger: ".o_data_row:contains(赵一凡) .o_data_cell[name=partner_id], .o_kanban_record:contains(赵一凡)",
            run: "click",
        },
        {
            content: "the delivery knows its car",
            trigger: "button[name=action_view_dealer_vehicles]",
        },
        { trigger: dialogOrPage("button_validate"), run: "click" },
        { trigger: ".o_statusbar_status button[data-value=done].o_arrow_button_current" },
    ],
});

registry.category("web_tour.tours").add("dealer_vehicle_invoice_tour", {
    steps: () => [
        { trigger: ".o_data_row:contains(赵一凡) .o_data_cell[name=partner_id]", run: "click" },
        {
            content: "the accountant makes the invoice",
            trigger: ".o_form_view button[id=create_invoice], .o_form_view button[id=create_invoice_percentage]",
            run: "click",
        },
        { trigger: ".modal button[name=create_invoices]", run: "click" },
        {
            content: "the invoice line names the car",
            trigger: ".o_field_widget[name=invoice_line_ids] .o_data_row:contains(T2990017)",
        },
        { trigger: dialogOrPage("action_post"), run: "click" },
        { trigger: ".o_statusbar_status button[data-value=posted].o_arrow_button_current" },
        { content: "the customer pays", trigger: dialogOrPage("action_register_payment"), run: "click" },
        { trigger: ".modal button[name=action_create_payments]", run: "click" },
        { content: "the invoice is paid", trigger: ".o_form_view .ribbon, .o_form_view .o_widget_web_ribbon" },
        {
            content: "back to the car",
            trigger: "button[name=action_view_dealer_vehicles]",
            run: "click",
        },
        { trigger: ".o_statusbar_status button[data-value=sold].o_arrow_button_current" },
        {
            content: "the margin of this very car",
            trigger: "button.oe_stat_button:has(.fa-line-chart)",
            run: "click",
        },
        {
            content: "105,000 received, 90,000 paid: 15,000 earned",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=margin]:contains(15,000.00)",
        },
    ],
});
