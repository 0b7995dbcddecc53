import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Sections whose whole list opens with a tap on their title. */
const LISTS = {
    new: [["dealer_response_due", "!=", false], ["dealer_responded_on", "=", false]],
    overdue: [["dealer_overdue", "=", true]],
    today: [["dealer_next_contact_date", "!=", false]],
    pool: [["dealer_pool_date", "!=", false]],
};

/** What a salesperson does now, the most urgent first; a manager sees the team below. */
export class DealerToday extends Component {
    static template = "dealer_crm.Today";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ date: "", sections: [], team: [], closed: false });
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("dealer.today", "get_page", []));
    }

    title(section) {
        return {
            new: _t("New customers: call first"),
            overdue: _t("Overdue"),
            meetings: _t("Appointments"),
            visits: _t("Visits to close"),
            drives: _t("Test drives"),
            today: _t("Due today"),
            deliveries: _t("Deliveries to confirm"),
            pool: _t("Pool takes them soon"),
            stuck: _t("Deals to save"),
            tasks: _t("Other tasks"),
        }[section.key];
    }

    icon(section) {
        return {
            new: "fa-bolt text-danger",
            overdue: "fa-exclamation-circle text-danger",
            meetings: "fa-calendar",
            visits: "fa-sign-out",
            drives: "fa-road",
            today: "fa-phone",
            deliveries: "fa-gift",
            pool: "fa-life-ring text-warning",
            stuck: "fa-wrench",
            tasks: "fa-check-square-o",
        }[section.key];
    }

    /** The moment that matters in a section, short. */
    when(section, item) {
        const text = { new: item.until, pool: item.pool }[section.key] || item.when;
        if (!text) {
            return "";
        }
        if (text.length === 10) {
            return deserializeDate(text).toFormat("MM-dd");
        }
        const moment = deserializeDateTime(text);
        const today = moment.hasSame(luxon.DateTime.local(), "day");
        return moment.toFormat(today ? "HH:mm" : "MM-dd HH:mm");
    }

    openSection(section) {
        const domain = LISTS[section.key];
        if (domain) {
            this.action.doAction({
                type: "ir.actions.act_window",
                name: this.title(section),
                res_model: "crm.lead",
                views: [
                    [false, "list"],
                    [false, "kanban"],
                    [false, "form"],
                ],
                domain: [["user_id", "=", user.userId], ...domain],
            });
        }
    }

    open(item) {
        const [model, id] = item.open || [item.model, item.id];
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Note a contact: after a call, or only to plan the next one. */
    async note(item, kind) {
        const action = await this.orm.call("crm.lead", "action_dealer_contact", [[item.lead_id]], {
            context: { dealer_contact_kind: kind },
        });
        action.views = [[false, "form"]];
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    /** The telephone dials by the link itself; what was said is noted afterwards. */
    call(item) {
        this.note(item, "call");
    }

    async closeDay() {
        const action = await this.orm.call("dealer.day.close", "action_close", []);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("dealer_today", DealerToday);
