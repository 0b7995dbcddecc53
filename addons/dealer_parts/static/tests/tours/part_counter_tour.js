import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("dealer_part_counter_tour", {
    steps: () => [
        {
            content: "an old number, as the customer reads it from the box",
            trigger: ".o_field_widget[name=number] input",
            run: "edit 04465 0k290",
        },
        { trigger: ".o_field_widget[name=partner_id] input", run: "edit Li Ming" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Li Ming)", run: "click" },
        { trigger: "button[name=action_search]", run: "click" },
        {
            content: "both numbers of the chain, with stock and price",
            trigger: ".o_data_row:contains(04465-0K290):contains(320.00)",
        },
        {
            content: "the part in stock is sold",
            trigger: ".o_data_row:contains(04465-0K290) button[name=action_sell]",
            run: "click",
        },
        {
            content: "the quote has the part at the price of the class",
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(04465-0K290)",
        },
        { trigger: "button[name=action_dealer_sell]", run: "click" },
        {
            content: "sold, issued and invoiced in one step",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]",
        },
    ],
});
