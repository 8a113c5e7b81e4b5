import type { Evidence, Gap } from "../../../model/evidence.ts";
import { valueAt } from "../../engine/paths.ts";
import type { Derivation, DerivationView, DerivedItem } from "../derivation.ts";
import { isUnknown, textAt } from "../policy-documents.ts";
import { Names } from "../resource-links.ts";

const recorderKind = "aws_config_configuration_recorder";
const statusKind = "aws_config_configuration_recorder_status";
const channelKind = "aws_config_delivery_channel";
/** What only a live account tells: whether the last run and the last delivery went well. */
const runKind = "aws.config_recorder_status";
const deliveryKind = "aws.config_delivery_status";

/**
 * derived.config_recorder, one per recorder of AWS Config: whether it records and delivers, and which types. Where the account was
 * seen to have none, one item of the target's id with `exists` false.
 */
const derivation: Derivation = {
	id: "config-recorders",
	target: "plan",
	needs: [recorderKind],
	uses: [statusKind, channelKind, runKind, deliveryKind],
	produces: ["derived.config_recorder"],
	derive(view) {
		const recorders = view.items(recorderKind).filter(({ status }) => status !== "absent");
		const names = new Names(recorders.filter(({ status }) => status === "ok"));
		const none: DerivedItem = { kind: "derived.config_recorder", id: view.target, values: { recorder: null, exists: false }, basis: [] };
		return recorders.length === 0 ? [none] : recorders.map((recorder) => itemOf(view, recorder, names));
	},
};

export default derivation;

function itemOf(view: DerivationView, recorder: Evidence, names: Names): DerivedItem {
	const kind = "derived.config_recorder";
	if (recorder.status === "error")
		return { kind, id: recorder.id, error: recorder.error ?? { code: "malformed", message: "no error code" }, basis: [recorder] };
	const gaps: Record<string, Gap> = {};
	const mine = (item: Evidence) => names.named(item, "name", { kind: recorderKind }).ids.includes(recorder.id);
	const recording = alsoLive(view, told(view, statusKind, mine, ["is_enabled", true]), runKind, mine, "last_status");
	const delivers = alsoLive(
		view,
		told(view, channelKind, () => true),
		deliveryKind,
		() => true,
		"history_status",
	);
	if (recording.gap !== undefined) gaps.recording = recording.gap;
	if (delivers.gap !== undefined) gaps.delivers = delivers.gap;
	const group = "recording_group";
	const at = (path: string) => valueAt(recorder.values, `${group}.${path}`);
	const listed = (path: string) => (Array.isArray(at(path)) ? (at(path) as unknown[]).filter((one) => typeof one === "string") : []);
	const unknown: Gap = { code: "unknown_until_apply", detail: `${recorder.id} ${group}` };
	const excluding = at("recording_strategy.use_only") === "EXCLUSION_BY_RESOURCE_TYPES" || listed("exclusion_by_resource_types.resource_types").length > 0;
	// The provider's default is to record all types that the Region supports.
	const allTypes = !excluding && at("all_supported") !== false;
	if (recorder.unknown?.some((path) => path === group || path.startsWith(`${group}.`)) === true) {
		for (const path of ["allTypes", "excluding", "types", "excluded"]) gaps[path] = unknown;
		if (isUnknown(recorder, `${group}.include_global_resource_types`) || isUnknown(recorder, `${group}.resource_types`)) gaps.globalTypes = unknown;
	}
	const types = listed("resource_types");
	const excluded = listed("exclusion_by_resource_types.resource_types");
	const globalTypes = excluding
		? !excluded.some((type) => type.startsWith("AWS::IAM::"))
		: allTypes
			? at("include_global_resource_types") === true
			: types.some((type) => type.startsWith("AWS::IAM::"));
	const values = {
		recorder: recorder.id,
		name: textAt(recorder, "name") ?? null,
		exists: true,
		recording: recording.holds,
		delivers: delivers.holds,
		allTypes,
		excluding,
		types,
		excluded,
		globalTypes,
	};
	return { kind, id: recorder.id, values, gaps, basis: [...new Set([recorder, ...recording.rests, ...delivers.rests])] };
}

interface Told {
	holds: boolean;
	gap?: Gap;
	rests: Evidence[];
}

/** The same, and on a live account that it went well the last time. */
function alsoLive(view: DerivationView, set: Told, kind: string, belongs: (item: Evidence) => boolean, path: string): Told {
	if (!set.holds) return set;
	const fault = view.listingError(kind);
	if (fault !== undefined) return { holds: false, gap: gapOf(fault), rests: set.rests };
	if (view.items(kind).length === 0) return set;
	const live = told(view, kind, belongs, [path, "SUCCESS"]);
	return { ...live, rests: [...set.rests, ...live.rests] };
}

/** Whether there is an item of a kind that belongs to the recorder and has what is wanted. */
function told(view: DerivationView, kind: string, belongs: (item: Evidence) => boolean, wanted?: readonly [path: string, value: unknown]): Told {
	const fault = view.listingError(kind);
	if (fault !== undefined) return { holds: false, gap: gapOf(fault), rests: [] };
	const items = view.items(kind).filter((item) => item.status !== "absent");
	const own = items.find((item) => item.status === "ok" && belongs(item));
	if (own === undefined) {
		const hidden = items.find((item) => item.status === "error");
		const open = items.find((item) => item.status === "ok" && isUnknown(item, "name") && (item.references?.name ?? []).length === 0);
		if (hidden?.error !== undefined) return { holds: false, gap: gapOf(hidden.error), rests: [hidden] };
		return open === undefined ? { holds: false, rests: [] } : { holds: false, gap: { code: "unknown_until_apply", detail: open.id }, rests: [open] };
	}
	if (wanted === undefined) return { holds: true, rests: [own] };
	const [path, value] = wanted;
	if (isUnknown(own, path)) return { holds: false, gap: { code: "unknown_until_apply", detail: `${own.id} ${path}` }, rests: [own] };
	return { holds: valueAt(own.values, path) === value, rests: [own] };
}

function gapOf({ code, detail }: { code: Gap["code"]; detail?: string | undefined }): Gap {
	return detail === undefined ? { code } : { code, detail };
}
