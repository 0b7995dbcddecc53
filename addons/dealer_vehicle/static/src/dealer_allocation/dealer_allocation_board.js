import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const OTHER_COLOR = 9;

/**
 * Orders without a car on the left, cars without an order on the right. A tap on an order sorts
 * the cars by how well they fit; one more tap gives the order its car.
 */
export class DealerAllocationBoard extends Component {
    static template = "dealer_vehicle.AllocationBoard";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({
            orders: [],
            cars: [],
            stores: [],
            canSwap: false,
            selectedId: false,
            storeId: false,
            query: this.props.action.params?.query || "",
            busy: false,
        });
        this.searchLater = useDebounced(() => this.load(), 300);
        onWillStart(() => this.load());
    }

    async load() {
        const board = await this.orm.call("sale.order.line", "dealer_get_allocation_board", [], {
            warehouse_id: this.state.storeId,
            query: this.state.query,
        });
        Object.assign(this.state, {
            orders: board.orders,
            cars: board.cars,
            stores: board.stores,
            canSwap: board.can_swap,
        });
        if (!board.orders.some((order) => order.id === this.state.selectedId)) {
            this.state.selectedId = false;
        }
    }

    get selected() {
        return this.state.orders.find((order) => order.id === this.state.selectedId);
    }

    /** Cars on the right: those that fit the chosen order, the best first; else all. */
    get cars() {
        if (!this.selected) {
            return this.state.cars.map((car) => ({ ...car, wish: null }));
        }
        const byId = Object.fromEntries(this.state.cars.map((car) => [car.id, car]));
        return this.selected.matches.map(([id, wish]) => ({ ...byId[id], wish }));
    }

    bestCar(order) {
        const match = order.matches.find(([, wish]) => wish !== OTHER_COLOR);
        return match && this.state.cars.find((car) => car.id === match[0]);
    }

    wishLabel(wish) {
        return {
            0: _t("Fits"),
            1: _t("1st colour"),
            2: _t("2nd colour"),
            3: _t("3rd colour"),
            [OTHER_COLOR]: _t("Other colour"),
        }[wish];
    }

    wishClass(wish) {
        return wish === OTHER_COLOR ? "text-bg-warning" : "text-bg-success";
    }

    ageClass(car) {
        if (["180", "over"].includes(car.age_band)) {
            return "text-bg-danger";
        }
        return car.age_band === "90" ? "text-bg-warning" : "text-bg-light";
    }

    select(order) {
        this.state.selectedId = this.state.selectedId === order.id ? false : order.id;
    }

    onSearch(ev) {
        this.state.query = ev.target.value;
        this.searchLater();
    }

    onStore(ev) {
        this.state.storeId = Number(ev.target.value) || false;
        this.load();
    }

    /** Give the order a car; without one the server takes the best that is still free. */
    async allocate(order, car) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.orm.call("sale.order.line", "action_dealer_allocate", [[order.id]], {
                vehicle_id: car ? car.id : false,
            });
            this.notification.add(_t("%s has its car.", order.order), { type: "success" });
        } finally {
            this.state.busy = false;
            await this.load();
        }
    }

    async setPriority(order) {
        const priority = String((order.priority + 1) % 3);
        await this.orm.write("sale.order.line", [order.id], {
            dealer_allocation_priority: priority,
        });
        await this.load();
    }

    swap(order) {
        this.action.doAction("dealer_vehicle.dealer_allocation_swap_action", {
            additionalContext: { default_line_id: order.id },
            onClose: () => this.load(),
        });
    }

    openOrder(order) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: order.order_id,
            views: [[false, "form"]],
        });
    }

    openCar(car) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "dealer.vehicle",
            res_id: car.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("dealer_allocation_board", DealerAllocationBoard);
