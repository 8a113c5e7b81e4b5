import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError, parseYamlSource, problemsOf } from "../../../model/source.ts";

export const vendorKinds = [
	...["ads", "ai", "analytics", "automation", "collaboration", "comms", "crm", "design", "dmarc-service", "ehr", "erp", "esign", "forwarder"],
	...["gateway", "helpdesk", "hipaa-email", "hr", "itsm", "mailbox", "marketing", "patient-engagement", "payments", "privacy", "remote"],
	...["scheduling", "security-training", "storage", "transactional"],
] as const;

const month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "expected a month YYYY-MM");

/** Labels in lower case, no outer dots; an asterisk is a whole label. */
const suffix = z
	.string()
	.regex(
		/^(?:\*|[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)(?:\.(?:\*|[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?))+$/,
		"expected a suffix of two labels or more, lower case, without outer dots",
	);

const suffixes = z.array(suffix).superRefine((list, context) => {
	for (const [index, one] of list.entries()) {
		const wider = list.find((other, place) => place !== index && (other === one ? place < index : one.endsWith(`.${other}`)));
		if (wider !== undefined) context.addIssue({ code: "custom", path: [index], message: `covered by ${wider} in the same list` });
	}
});

const text = z.string().min(1);

/** A plan under one name or several. */
const edition = z.strictObject({
	name: text,
	also: z.array(text).optional(),
	baa: z.enum(["yes", "no"]),
	confidence: z.enum(["confirmed", "confirm"]),
	note: text.optional(),
});

const vendorSchema = z
	.strictObject({
		vendor: z.string().min(1).max(200),
		kind: z.enum(vendorKinds),
		spfIncludes: suffixes,
		mxSuffixes: suffixes,
		dkimCnameSuffixes: suffixes,
		txtTokens: z.array(z.string().min(3).max(100)),
		addressDomains: suffixes.optional(),
		spfNeverAligns: z.boolean().optional(),
		messageHosts: suffixes.optional(),
		editions: z.array(edition).min(1).optional(),
		guide: z.strictObject({ meaning: text, configure: z.array(text).min(1), remains: z.array(text).min(1) }).optional(),
		baa: z.enum(["yes", "plan", "no", "unknown"]),
		baaNote: z.string().min(1),
		source: z.strictObject({ dns: z.string().min(1), baa: z.string().min(1) }),
		asOf: month.nullable(),
		confidence: z.enum(["confirmed", "confirm"]),
	})
	.refine((row) => row.confidence !== "confirmed" || row.asOf !== null, { path: ["asOf"], error: "a confirmed verdict needs the month of its evidence" });
export type Vendor = z.infer<typeof vendorSchema>;

const vendorFileSchema = z
	.strictObject({
		schema: z.literal("mailward/vendors/v1"),
		asOf: month,
		carriers: z.array(z.strictObject({ name: z.string().min(1), vendor: z.string().min(1) })),
		vendors: z.array(vendorSchema).min(1),
	})
	.superRefine((file, context) => {
		const names = new Set<string>();
		for (const [index, { vendor }] of file.vendors.entries()) {
			if (names.has(vendor)) context.addIssue({ code: "custom", path: ["vendors", index, "vendor"], message: "vendor stands twice" });
			names.add(vendor);
		}
		for (const [index, carrier] of file.carriers.entries()) {
			if (!names.has(carrier.vendor)) context.addIssue({ code: "custom", path: ["carriers", index, "vendor"], message: "no such vendor" });
		}
		for (const [name, riders] of sharedNames(file.vendors)) {
			const carrier = file.carriers.find((one) => one.name === name);
			if (carrier === undefined || !riders.includes(carrier.vendor)) {
				context.addIssue({ code: "custom", path: ["carriers"], message: `${name} stands on several rows; say which of them is the carrier` });
			}
		}
	});
export type VendorData = z.infer<typeof vendorFileSchema>;

/** Names that stand on more than one row in the same column, with the vendors of those rows. */
function sharedNames(vendors: readonly Vendor[]): [string, string[]][] {
	const rows = new Map<string, { name: string; vendors: string[] }>();
	for (const row of vendors) {
		for (const column of ["spfIncludes", "mxSuffixes", "dkimCnameSuffixes", "txtTokens"] as const) {
			for (const name of row[column]) {
				const entry = rows.get(`${column} ${name}`) ?? { name, vendors: [] };
				entry.vendors.push(row.vendor);
				rows.set(`${column} ${name}`, entry);
			}
		}
	}
	return [...rows.values()].filter((entry) => entry.vendors.length > 1).map((entry) => [entry.name, entry.vendors]);
}

const shipped = new URL("./vendors.json", import.meta.url);
let cached: VendorData | undefined;

/**
 * The vendor data: the file that ships (JSON, generated from vendors.yaml and checked then), or a newer one from `path`, a file or a folder with vendors.yaml in it; a folder
 * without one leaves the shipped file in force. Throws InputError with positions for a file of the user's that is wrong.
 */
export function loadVendors(path?: string): VendorData {
	if (path === undefined) {
		cached ??= JSON.parse(readFileSync(shipped, "utf8")) as VendorData;
		return cached;
	}
	const stats = statOf(path);
	if (stats === undefined) throw new InputError([{ file: path, line: 1, column: 1, message: "no such file or folder" }]);
	if (!stats.isDirectory()) return read(path);
	const inFolder = join(path, "vendors.yaml");
	return statOf(inFolder) === undefined ? loadVendors() : read(inFolder);
}

function statOf(path: string): ReturnType<typeof statSync> {
	return statSync(path, { throwIfNoEntry: false });
}

function read(file: string): VendorData {
	const source = parseYamlSource(readFileSync(file), file);
	const result = vendorFileSchema.safeParse(source.value);
	if (!result.success) throw new InputError(problemsOf(result.error, source, vendorFileSchema));
	return result.data;
}
