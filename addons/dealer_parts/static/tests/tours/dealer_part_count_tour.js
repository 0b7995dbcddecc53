import { registry } from "@web/core/registry";

/** What a keyboard-wedge scanner does: the code, then Enter, with no field in focus. */
function wedge(code) {
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
        );
    }
}

const find = (code) => [
    { trigger: ".o_dealer_part_scan_code", run: `edit ${code}` },
    { trigger: ".o_dealer_part_scan_find:enabled", run: "click" },
];

const say = (quantity) => [
    { trigger: ".o_dealer_part_scan_quantity", run: `edit ${quantity}` },
    { trigger: ".o_dealer_part_scan_count", run: "click" },
];

registry.category("web_tour.tours").add("dealer_part_count_tour", {
    steps: () => [
        {
            content: "the keeper opens the draft on the telephone",
            trigger: ".o_kanban_record:not(.o_kanban_ghost), .o_data_row .o_data_cell",
            run: "click",
        },
        { trigger: "button[name=action_start]:visible, .o_statusbar_buttons .dropdown-toggle" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: "button[name=action_open_scanner]", run: "click" },
        { content: "what is nothing is refused", trigger: ".o_dealer_part_scan_place" },
        ...find("NOTHING"),
        { trigger: ".o_dealer_part_scan_last[data-status=error]" },
        { content: "the bin is scanned", trigger: ".o_dealer_part_scan_code" },
        ...find("A-01-1-01"),
        { trigger: ".o_dealer_part_scan_todo", run: () => wedge("04465-0K290") },
        { trigger: ".o_dealer_part_scan_line:contains(04465-0K290)" },
        ...say(18),
        { trigger: ".o_dealer_part_scan_seen:contains(1)" },
        { content: "the next bin", trigger: ".o_dealer_part_scan_code" },
        ...find("A-01-1-02"),
        {
            content: "a part may be chosen from the list, too",
            trigger: ".o_dealer_part_scan_todo:contains(08880)",
            run: "click",
        },
        ...say(40),
        { trigger: ".o_dealer_part_scan_seen:contains(2)" },
        ...find("90915YZZD4"),
        { trigger: ".o_dealer_part_scan_line:contains(90915-YZZD4)" },
        ...say(99),
        { trigger: ".o_dealer_part_scan_seen:contains(3)" },
        { trigger: ".o_dealer_part_scan_finish", run: "click" },
        { trigger: ".o_field_widget[name=difference_count], .o_form_view" },
        { trigger: "button[name=action_submit], .o_statusbar_buttons .dropdown-toggle" },
    ],
});
