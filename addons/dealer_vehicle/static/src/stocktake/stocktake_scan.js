import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const PLACE_KEY = "dealer_stocktake_place";
const GOOD = ["found", "again"];

/**
 * Scanning screen of a stocktake, made for a telephone held in one hand: choose the place, then one
 * scan after the other. Camera, keyboard-wedge scanner and typed numbers end in the same call.
 */
export class StocktakeScan extends Component {
    static template = "dealer_vehicle.StocktakeScan";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.hasCamera = isBarcodeScannerSupported();
        this.queue = Promise.resolve();
        this.input = useRef("code");
        this.photo = useRef("photo");
        const { params, context } = this.props.action;
        this.stocktakeId = params?.stocktake_id || context?.active_id;
        this.state = useState({
            data: null,
            placeId: 0,
            code: "",
            busy: false,
            last: null,
            candidates: [],
        });
        useBus(useService("barcode").bus, "barcode_scanned", (ev) =>
            this.count(ev.detail.barcode)
        );
        onWillStart(() => this.load());
    }

    call(method, args = []) {
        return this.orm.call("dealer.stocktake", method, [[this.stocktakeId], ...args]);
    }

    async load() {
        this.state.data = await this.call("get_scan_data");
        const { places } = this.state.data;
        const remembered = Number(browser.localStorage.getItem(PLACE_KEY));
        if (places.some((place) => place.id === remembered)) {
            this.state.placeId = remembered;
        } else if (places.length === 1) {
            this.state.placeId = places[0].id;
        }
    }

    get isCounting() {
        return this.state.data.state === "counting";
    }

    get seen() {
        const { found, misplaced } = this.state.data.counts;
        return found + misplaced;
    }

    get lastClass() {
        const { status } = this.state.last;
        return GOOD.includes(status)
            ? "text-bg-success"
            : status === "misplaced"
              ? "text-bg-warning"
              : "text-bg-danger";
    }

    onPlaceChange(ev) {
        this.state.placeId = Number(ev.target.value);
        browser.localStorage.setItem(PLACE_KEY, this.state.placeId);
    }

    onSubmit() {
        if (this.state.code) {
            this.count(this.state.code);
        }
    }

    async onCamera() {
        if (!this.hasCamera) {
            this.notification.add(
                _t("This browser gives no camera here. Type the last digits of the VIN instead."),
                { type: "warning" }
            );
            return;
        }
        try {
            await this.count(await scanBarcode(this.env, "environment"));
        } catch (error) {
            this.notification.add(error.message || _t("Please scan again."), { type: "warning" });
        }
    }

    /** Count one car after the other: a scan that comes while another is saved must not be lost. */
    count(code, vehicleId = null) {
        this.queue = this.queue.then(() => this.countOne(code, vehicleId));
        return this.queue;
    }

    /** What cannot be counted is said in the big panel, not in a dialog. */
    async countOne(code, vehicleId) {
        if (!this.isCounting) {
            return;
        }
        if (!this.state.placeId) {
            this.refuse(code, _t("Say first where you are: choose the place."));
            return;
        }
        this.state.busy = true;
        try {
            const result = await this.orm.silent.call("dealer.stocktake", "scan", [
                [this.stocktakeId],
                code,
                this.state.placeId,
                vehicleId,
            ]);
            this.show(code, result);
        } catch (error) {
            this.refuse(code, error.data?.message || error.message);
        } finally {
            this.state.busy = false;
        }
    }

    show(code, result) {
        this.state.candidates = result.candidates || [];
        if (result.status === "choose") {
            this.state.last = { status: "choose", message: result.message, code };
            return;
        }
        this.state.last = result;
        this.state.data = result.data;
        this.state.code = "";
        this.vibrate(GOOD.includes(result.status) ? 60 : [120, 80, 120]);
    }

    refuse(code, message) {
        this.state.candidates = [];
        this.state.last = { status: "error", message, code };
        this.input.el?.select(); // the next scan replaces what was refused
        this.vibrate([300]);
    }

    vibrate(pattern) {
        browser.navigator.vibrate?.(pattern);
    }

    choose(candidate) {
        return this.count(this.state.last.code, candidate.id);
    }

    async onPhoto(ev) {
        const [file] = ev.target.files;
        if (!file) {
            return;
        }
        const url = await getDataURLFromFile(file);
        const line = await this.call("set_photo", [this.state.last.line.id, url.split(",")[1]]);
        this.state.last.line = line;
        ev.target.value = "";
    }

    openStocktake() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "dealer.stocktake",
                res_id: this.stocktakeId,
                views: [[false, "form"]],
            },
            { clearBreadcrumbs: true }
        );
    }

    async finish() {
        await this.call("action_finish");
        return this.openStocktake();
    }
}

registry.category("actions").add("dealer_stocktake_scan", StocktakeScan);
