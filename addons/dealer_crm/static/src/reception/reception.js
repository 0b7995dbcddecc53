import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const STORE_KEY = "dealer_reception_store";

/**
 * The screen at the door, held in one hand: what kind of visit, how many, who receives them. The
 * third tap saves; everything else is completed later by the consultant.
 */
export class Reception extends Component {
    static template = "dealer_crm.Reception";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ data: null, kind: null, size: null, invited: false, busy: false });
        onWillStart(() => this.load(Number(browser.localStorage.getItem(STORE_KEY)) || null));
    }

    get kinds() {
        return [
            { id: "first", label: _t("First visit"), icon: "fa-user-plus" },
            { id: "repeat", label: _t("Came again"), icon: "fa-repeat" },
            { id: "no_intent", label: _t("Other business"), icon: "fa-wrench" },
        ];
    }

    get sizes() {
        return [1, 2, 3, 4, 5, 6];
    }

    get step() {
        return !this.state.kind ? 1 : !this.state.size ? 2 : 3;
    }

    kindLabel(id) {
        return this.kinds.find((kind) => kind.id === id)?.label || "";
    }

    async load(storeId) {
        this.state.data = await this.orm.call("dealer.visit", "get_reception_data", [storeId]);
    }

    onStore(ev) {
        browser.localStorage.setItem(STORE_KEY, ev.target.value);
        this.restart();
        return this.load(Number(ev.target.value));
    }

    restart() {
        Object.assign(this.state, { kind: null, size: null, invited: false });
    }

    pickKind(kind) {
        this.state.kind = kind;
    }

    pickSize(size) {
        this.state.size = size;
    }

    toggleInvited() {
        this.state.invited = !this.state.invited;
    }

    /** The third tap: saved at once. */
    async pickPerson(person) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        const { kind, size, invited, data } = this.state;
        try {
            this.state.data = await this.orm.call("dealer.visit", "receive", [
                data.store.id,
                kind,
                size,
                person ? person.id : false,
                invited,
            ]);
            this.notification.add(
                person ? _t("%s receives them.", person.name) : _t("Logged, nobody receives them."),
                { type: "success" }
            );
            this.restart();
        } finally {
            this.state.busy = false;
        }
    }

    async left(visit) {
        this.state.data = await this.orm.call("dealer.visit", "set_left", [visit.id]);
    }

    openSheet() {
        return this.action.doAction("dealer_crm.dealer_visit_action", {
            additionalContext: { search_default_today: 1 },
        });
    }
}

registry.category("actions").add("dealer_reception", Reception);
