import { Component, useRef, useState } from "@odoo/owl";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Pick the parts of a request: camera, keyboard-wedge scanner and typed numbers end in the same
 * call. A wrong part is refused in words beside the field, never in a dialog.
 */
export class PartRequestScan extends Component {
    static template = "dealer_parts.PartRequestScan";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.hasCamera = isBarcodeScannerSupported();
        this.input = useRef("code");
        this.queue = Promise.resolve();
        this.state = useState({ code: "", quantity: 1, last: null });
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => this.pick(ev.detail.barcode));
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.onPick();
        }
    }

    onPick() {
        if (this.state.code) {
            this.pick(this.state.code);
        }
    }

    async onCamera() {
        try {
            await this.pick(await scanBarcode(this.env, "environment"));
        } catch (error) {
            this.state.last = { error: true, message: error.message || _t("Please scan again.") };
        }
    }

    /** One part after the other: a scan that comes while another is saved must not be lost. */
    pick(code) {
        this.queue = this.queue.then(() => this.pickOne(code));
        return this.queue;
    }

    async pickOne(code) {
        const { record } = this.props;
        try {
            await record.save();
            const line = await this.orm.call(record.resModel, "scan", [
                [record.resId],
                code,
                Number(this.state.quantity) || 1,
            ]);
            this.state.last = {
                error: false,
                message: _t("%(number)s: %(picked)s of %(open)s picked", line),
            };
            this.state.code = "";
            this.state.quantity = 1;
            await record.load();
        } catch (error) {
            this.state.last = { error: true, message: error.data?.message || error.message };
            this.input.el?.select();
        }
    }
}

registry.category("view_widgets").add("dealer_part_request_scan", { component: PartRequestScan });
