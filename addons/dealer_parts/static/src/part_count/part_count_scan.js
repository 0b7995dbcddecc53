import { useState } from "@odoo/owl";
import { StocktakeScan } from "@dealer_vehicle/stocktake/stocktake_scan";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Counting screen for parts, in one hand: scan the bin, scan the part, say how many. Camera, wedge
 * scanner and typed numbers end in the same call. It never learns what the books say.
 */
export class PartCountScan extends StocktakeScan {
    static template = "dealer_parts.PartCountScan";

    setup() {
        super.setup();
        this.part = useState({ line: null, quantity: "", lines: [] });
    }

    call(method, args = []) {
        return this.orm.call("dealer.part.count", method, [[this.stocktakeId], ...args]);
    }

    async load() {
        await super.load();
        if (this.state.placeId) {
            await this.showBin(this.state.placeId);
        }
    }

    get lastClass() {
        return this.state.last.status === "error" ? "text-bg-danger" : "text-bg-success";
    }

    async showBin(placeId) {
        this.state.placeId = placeId;
        this.part.line = null;
        this.part.lines = placeId ? await this.call("get_bin_lines", [placeId]) : [];
    }

    async onPlaceChange(ev) {
        super.onPlaceChange(ev);
        await this.showBin(this.state.placeId);
    }

    /** What is scanned is a bin or a part of the bin; then the number is asked. */
    async countOne(code, lineId) {
        if (!this.isCounting) {
            return;
        }
        this.state.busy = true;
        try {
            const result = await this.orm.silent.call("dealer.part.count", "scan", [
                [this.stocktakeId],
                code,
                this.state.placeId,
                lineId,
            ]);
            await this.show(code, result);
        } catch (error) {
            this.refuse(code, error.data?.message || error.message);
        } finally {
            this.state.busy = false;
        }
    }

    async show(code, result) {
        this.state.candidates = result.candidates || [];
        if (result.status === "choose") {
            this.state.last = { status: "choose", message: result.message, code };
            return;
        }
        this.state.code = "";
        this.state.last = null;
        this.vibrate(60);
        if (result.status === "place") {
            this.state.data = result.data;
            await this.showBin(result.place_id);
        } else {
            this.choosePart(result.line);
        }
    }

    choose(candidate) {
        this.state.candidates = [];
        this.choosePart(candidate);
    }

    choosePart(line) {
        this.part.line = line;
        this.part.quantity = line.quantity === false ? "" : String(line.quantity);
    }

    onStep(step) {
        this.part.quantity = String(Math.max((Number(this.part.quantity) || 0) + step, 0));
    }

    async onQuantity() {
        const quantity = Number(String(this.part.quantity).replace(",", "."));
        if (this.part.quantity === "" || Number.isNaN(quantity)) {
            this.refuse(this.part.line.number, _t("Say how many there are: 0 or more."));
            return;
        }
        try {
            const result = await this.call("count_line", [this.part.line.id, quantity]);
            this.state.data = result.data;
            this.state.last = {
                status: "found",
                code: result.line.number,
                message: _t("Counted: %s", result.line.quantity),
            };
            this.vibrate(60);
            await this.showBin(this.state.placeId);
        } catch (error) {
            this.refuse(this.part.line.number, error.data?.message || error.message);
        }
    }

    openStocktake() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "dealer.part.count",
                res_id: this.stocktakeId,
                views: [[false, "form"]],
            },
            { clearBreadcrumbs: true }
        );
    }
}

registry.category("actions").add("dealer_part_count_scan", PartCountScan);
