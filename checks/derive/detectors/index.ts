import { type Evidence, type Gap, listingId } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";

const detectorKind = "aws_guardduty_detector";
const featureKind = "aws_guardduty_detector_feature";

/**
 * derived.detector, one per GuardDuty detector: whether it is on and watches S3. Where the account was seen to have none, one item
 * of the target's id with `exists` false.
 */
const derivation: Derivation = {
	id: "detectors",
	target: "plan",
	needs: [detectorKind],
	uses: [featureKind],
	produces: ["derived.detector"],
	derive(view) {
		const detectors = view.items(detectorKind).filter(({ status }) => status !== "absent");
		const names = new Names(detectors.filter(({ status }) => status === "ok"));
		const none: DerivedItem = { kind: "derived.detector", id: view.target, values: { detector: null, exists: false }, basis: [] };
		return detectors.length === 0 ? [none] : detectors.map((detector) => itemOf(view, detector, names));
	},
};

export default derivation;

function itemOf(view: DerivationView, detector: Evidence, names: Names): DerivedItem {
	const kind = "derived.detector";
	if (detector.status === "error")
		return { kind, id: detector.id, error: detector.error ?? { code: "malformed", message: "no error code" }, basis: [detector] };
	const gaps: Record<string, Gap> = {};
	// The provider turns a detector on unless told otherwise.
	const enabled = valueAt(detector.values, "enable") !== false && !isUnknown(detector, "enable");
	if (isUnknown(detector, "enable")) gaps.enabled = { code: "unknown_until_apply", detail: `${detector.id} enable` };
	const s3 = watchesS3(view, detector, names);
	if (s3.gap !== undefined) gaps.watchesS3 = s3.gap;
	return { kind, id: detector.id, values: { detector: detector.id, exists: true, enabled, watchesS3: s3.on }, gaps, basis: [detector, ...s3.rests] };
}

function watchesS3(view: DerivationView, detector: Evidence, names: Names): { on: boolean; gap?: Gap; rests: Evidence[] } {
	const features = view.items(featureKind).filter(({ status }) => status !== "absent");
	const own = features.filter((item) => item.status === "ok" && names.named(item, "detector_id").ids.includes(detector.id));
	const feature = own.find((item) => textAt(item, "name") === "S3_DATA_EVENTS");
	if (feature !== undefined) {
		if (isUnknown(feature, "status")) return { on: false, gap: { code: "unknown_until_apply", detail: `${feature.id} status` }, rests: [feature] };
		return { on: textAt(feature, "status") === "ENABLED", rests: [feature] };
	}
	const configured = valueAt(detector.values, "datasources.s3_logs.enable");
	if (typeof configured === "boolean") return { on: configured, rests: [] };
	if (isUnknown(detector, "datasources.s3_logs.enable"))
		return { on: false, gap: { code: "unknown_until_apply", detail: `${detector.id} datasources.s3_logs` }, rests: [] };
	const hidden = features.find((item) => item.status === "error");
	if (hidden !== undefined) return { on: false, gap: { code: hidden.error?.code ?? "malformed", detail: hidden.id }, rests: [hidden] };
	const fault = view.listingError(featureKind);
	if (fault !== undefined) return { on: false, gap: { code: fault.code, detail: featureKind }, rests: [] };
	// What a new detector has on by itself is AWS's to decide, and changes; a live account lists every feature.
	const listed = /^\d{12}\//.test(view.target) && view.item("listing", listingId(featureKind, view.target))?.status === "ok";
	return listed ? { on: false, rests: [] } : { on: false, gap: { code: "unknown_until_apply", detail: "S3_DATA_EVENTS is not set" }, rests: [] };
}
