import { registry } from "@web/core/registry";

// Texts differ by language, so every trigger is a technical name.
const panel = (status) => `.o_dealer_scan_last[data-status=${status}]`;

/** What a keyboard-wedge scanner does: the number, then Enter, with no field in focus. */
function wedge(vin) {
    for (const key of [...vin, "Enter"]) {
        document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
        );
    }
}

function type(code) {
    return [
        { trigger: ".o_dealer_scan_code", run: `edit ${code}` },
        { trigger: ".o_dealer_scan_count:enabled", run: "click" },
    ];
}

registry.category("web_tour.tours").add("dealer_stocktake_tour", {
    steps: () => [
        {
            content: "the stock keeper opens the draft on the telephone",
            trigger: ".o_kanban_record:not(.o_kanban_ghost), .o_data_row .o_data_cell",
            run: "click",
        },
        { trigger: "button[name=action_start]:visible, .o_statusbar_buttons .dropdown-toggle" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: "button[name=action_open_scanner]", run: "click" },
        {
            content: "without a place nothing is counted",
            trigger: ".o_dealer_scan_place",
        },
        ...type("LSVAU2182T2990017"),
        { trigger: panel("error") },
        {
            content: "say where I am",
            trigger: ".o_dealer_scan_place",
            run({ anchor }) {
                anchor.selectedIndex = [...anchor.options].findIndex((o) => o.text === "大院");
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        ...type("LSVAU2182T2990017"),
        { content: "in place", trigger: panel("found") },
        {
            content: "a wedge scanner needs no field",
            trigger: ".o_dealer_scan_counts",
            run: () => wedge("LSVAU2182T2990018"),
        },
        { trigger: `${panel("found")}:contains(2990018)` },
        {
            content: "the last digits suffice; this car should be in the showroom",
            trigger: ".o_dealer_scan_code",
            run: "edit 990019",
        },
        { trigger: ".o_dealer_scan_count:enabled", run: "click" },
        { trigger: panel("misplaced") },
        ...type("LSVAU2182T2990099"),
        { content: "nobody knows this car", trigger: panel("unknown") },
        { content: "two of four cars seen", trigger: ".o_dealer_scan_seen:contains(3)" },
        { trigger: ".o_dealer_scan_finish", run: "click" },
        {
            content: "one car is missing, one unknown, one misplaced",
            trigger: ".o_form_view .o_field_widget[name=difference_ids]:contains(2990020)",
        },
        { trigger: ".o_form_view .o_field_widget[name=difference_ids]:contains(2990099)" },
    ],
});

registry.category("web_tour.tours").add("dealer_stocktake_approve_tour", {
    steps: () => [
        { trigger: "button[name=action_approve]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".o_form_view:not(:has(button[name=action_approve])) .o_field_widget[name=approved_by_id]" },
    ],
});
