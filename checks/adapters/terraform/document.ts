import { parseCounted, refuseRepeatedKeys } from "./json-text.ts";
import { isObject, type JsonObject, member } from "./json-value.ts";
import { decodeDocument, fault } from "./octets.ts";

/**
 * configuration: cdk.tf.json or any .tf.json; plan: `terraform|tofu show -json` of a saved plan; state_show: the same of a
 * state; state: a terraform.tfstate of version 4.
 */
export type TerraformForm = "configuration" | "plan" | "state_show" | "state";

export interface TerraformDocument {
	/** As the user gave it; messages name it. */
	file: string;
	form: TerraformForm;
	/** As the document says it; cdk.tf.json says none. */
	terraformVersion?: string | undefined;
	root: JsonObject;
}

/** Top-level names of Terraform's JSON configuration syntax; "//" is a comment, where cdktf keeps its metadata. */
const configurationKeys = new Set([
	"//",
	"terraform",
	"provider",
	"resource",
	"data",
	"ephemeral",
	"variable",
	"locals",
	"output",
	"module",
	"moved",
	"import",
	"removed",
	"check",
]);

/**
 * Reads a Terraform document and tells which form it has.
 * Throws InputError (model/source.ts) for what is empty, cut short, no JSON, in another encoding, or in no known form; never
 * another error, whatever the octets.
 */
export function readTerraform(octets: Uint8Array, file: string): TerraformDocument {
	const text = decodeDocument(octets, file);
	if (/^\s*\{\s*"@(?:level|message)"/.test(text.slice(0, 200))) {
		throw fault(file, "this is the log of `terraform plan -json`, not the plan; use: terraform plan -out=p && terraform show -json p > plan.json");
	}
	if (/^\s*(?:(?:#|\/\/)[^\n]*\n\s*)*(?:resource|terraform|provider|variable|locals|module|data|output)\s*["{]/.test(text.slice(0, 2000))) {
		throw fault(file, "this is Terraform's own language; give the plan instead: terraform plan -out=p && terraform show -json p > plan.json");
	}
	const parsed = parseCounted(text, file);
	const root = parsed.value;
	if (!isObject(root)) {
		const what = Array.isArray(root) ? "an array" : root === null ? "null" : `a ${typeof root}`;
		throw fault(file, `the document is ${what}, not an object; ${knownForms}`);
	}
	const form = formOf(root, file);
	if (form === "configuration") refuseRepeatedKeys(parsed, text, file);
	const terraformVersion = member(root, "terraform_version");
	return { file, form, root, terraformVersion: typeof terraformVersion === "string" ? terraformVersion : undefined };
}

const knownForms = "known forms are cdk.tf.json, `terraform show -json` of a plan or a state, and terraform.tfstate of version 4";

function formOf(root: JsonObject, file: string): TerraformForm {
	const has = (key: string): boolean => Object.hasOwn(root, key);
	if (has("format_version")) return shownForm(root, file);
	if (has("encrypted_data")) throw fault(file, "the state is encrypted; give the output of: tofu show -json > state.json");
	if (has("version") && (has("resources") || has("modules") || has("lineage") || has("terraform_version"))) {
		const version = root.version;
		if (version === 4) {
			if (!Array.isArray(root.resources)) throw fault(file, "the state has no list of resources; give the output of: terraform show -json > state.json");
			return "state";
		}
		if (typeof version === "number" && version < 4) {
			throw fault(file, `state version ${version} is too old; run Terraform 0.12 or later once (terraform refresh), which writes version 4`);
		}
		throw fault(
			file,
			`state version ${typeof version === "number" ? version : "of an unknown kind"} is not known; give the output of: terraform show -json > state.json`,
		);
	}
	const keys = Object.keys(root);
	if (keys.length > 0 && keys.every((key) => configurationKeys.has(key)) && keys.some((key) => key !== "//")) return "configuration";
	if (has("AWSTemplateFormatVersion") || has("Resources")) {
		throw fault(file, "this looks like a CloudFormation template, which is not judged; scan the live account instead");
	}
	throw fault(file, `not a Terraform document; ${knownForms}`);
}

function shownForm(root: JsonObject, file: string): TerraformForm {
	const version = root.format_version;
	const major = typeof version === "string" ? /^([0-9]{1,4})\.[0-9]{1,4}$/.exec(version)?.[1] : undefined;
	if (major === undefined) throw fault(file, "format_version is no version number; write the file again with: terraform show -json");
	if (Object.hasOwn(root, "provider_schemas")) throw fault(file, "this holds provider schemas, not resources; use: terraform show -json p > plan.json");
	if (Object.hasOwn(root, "valid") || Object.hasOwn(root, "diagnostics")) {
		throw fault(file, "this is the output of `terraform validate -json`; use: terraform show -json p > plan.json");
	}
	const isPlan = Object.hasOwn(root, "planned_values") || Object.hasOwn(root, "resource_changes");
	const isState = Object.hasOwn(root, "values");
	if ((isPlan || isState) && Number(major) > 1) {
		throw fault(file, `format version ${String(version)} is newer than 1, the newest that is known; write the file with an older Terraform or update mailward`);
	}
	if (isPlan) {
		if (root.errored === true) throw fault(file, "the plan ended in an error and does not hold every resource; repair it and plan again");
		return "plan";
	}
	if (isState) return "state_show";
	throw fault(file, "neither a plan nor a state with resources; run `terraform show -json` in the stack's folder, after apply for a state");
}
