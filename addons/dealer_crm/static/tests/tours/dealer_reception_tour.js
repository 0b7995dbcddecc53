import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("dealer_reception_tour", {
    steps: () => [
        { content: "tap 1", trigger: "[data-step='1'] [data-kind=first]", run: "click" },
        { content: "tap 2", trigger: "[data-step='2'] [data-size='2']", run: "click" },
        {
            content: "tap 3 saves",
            trigger: "[data-step='3'] .o_dealer_reception_person:first:contains(Sara)",
            run: "click",
        },
        { content: "they are here", trigger: ".o_dealer_reception_visit:contains(Sara)" },
        { trigger: ".o_dealer_reception_left", run: "click" },
        { trigger: ".o_dealer_reception:not(:has(.o_dealer_reception_visit))" },
    ],
});
