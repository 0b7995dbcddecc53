import { registry } from "@web/core/registry";

/** What a keyboard-wedge scanner does: the code, then Enter, with no field in focus. */
function wedge(code) {
    document.activeElement.blur();
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
        );
    }
}

registry.category("web_tour.tours").add("dealer_part_request_tour", {
    steps: () => [
        { trigger: ".o_dealer_part_request_code", run: "edit WRONG-1" },
        { trigger: ".o_dealer_part_request_pick", run: "click" },
        {
            content: "a wrong part is put back",
            trigger: ".o_dealer_part_request_last[data-status=error]:contains(WRONG-1)",
        },
        { trigger: ".o_dealer_part_request_code", run: "edit 044650k290 && press Enter" },
        { trigger: ".o_dealer_part_request_last:contains(/1 [^ ]+ 2/)" },
        {
            content: "the scanner of the window",
            trigger: ".o_form_view",
            run: () => wedge("6900000000011"),
        },
        { trigger: ".o_dealer_part_request_last:contains(/2 [^ ]+ 2/)" },
        {
            trigger: ".o_statusbar_buttons button[name=action_issue], .o_cp_action_menus button, .o_statusbar_buttons .dropdown-toggle",
        },
    ],
});
