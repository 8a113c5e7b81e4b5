/** What no output may hold, in any form: identifiers of a patient, an address, words of a message, a name. */
export const planted = ["219-09-9999", "MRN 00487213", "1EG4-TE5-MK73", "jane.roe@patient.example", "312-555-0134", "Zzyzx Querious", "480 Wistful Hollow Rd"];

/** A text as it stands in other notations. Of base64 what is the same wherever in a longer text it stands. */
function forms(text: string): string[] {
	const octets = Buffer.from(text);
	const base64 = [0, 1, 2].map((lead) =>
		Buffer.concat([Buffer.alloc(lead, 0x20), octets])
			.toString("base64")
			.replace(/=+$/, "")
			.slice(4, -4),
	);
	const each = (write: (code: number) => string): string => [...octets].map(write).join("");
	return [
		text,
		text.toUpperCase(),
		text.toLowerCase(),
		encodeURIComponent(text),
		octets.toString("hex"),
		...base64,
		...base64.map((one) => one.replaceAll("+", "-").replaceAll("/", "_")),
		text.replaceAll(/[^A-Za-z0-9]/g, (one) => `=${one.charCodeAt(0).toString(16).toUpperCase()}`),
		text.replaceAll(/[^A-Za-z0-9]/g, (one) => `&#${one.charCodeAt(0)};`),
		text.replaceAll(/[^A-Za-z0-9]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`),
		each((code) => `\\u00${code.toString(16)}`),
		[...text].reverse().join(""),
	].filter((one) => one.length >= 6);
}
const forbidden = [...new Set(planted.flatMap(forms))];

/** Which of the forms a text holds, case left aside. */
export const leaks = (text: string): string[] => {
	const low = text.toLowerCase();
	return forbidden.filter((one) => low.includes(one.toLowerCase()));
};

/** All of them in one text. */
export const mark = planted.join(" ");
const base64 = Buffer.from(mark).toString("base64");
/** Templates, messages, lists and figures that hold them in every place and notation. */
export const content: Record<string, string> = {
	"a.html": `<div style="display:none">${mark}</div><p title="${mark}">SSN ${mark} {{ x | default: '${mark}' }}</p><img alt="${mark}" src="https://x.example/${encodeURIComponent(mark)}"><a href="https://x.example/?e=${base64}&u=${Buffer.from(mark).toString("hex")}">unsubscribe</a><script>${mark}</script><p>${[...mark].map((one) => `&#${one.charCodeAt(0)};`).join("")}</p>`,
	"a.meta.yaml": `subject: ${JSON.stringify(`diabetes ${mark}`)}\nfromName: ${JSON.stringify(mark)}\ntags: {a: ${JSON.stringify(mark)}}\n`,
	"a.txt": mark,
	"b.eml": `Return-Path: <${planted[3]}>\nReceived: from host (${mark}) by mx.example.net\nFrom: "${mark}" <${planted[3]}>\nTo: ${planted[3]}\nSubject: =?utf-8?B?${base64}?=\nX-Note: ${mark}\nList-Unsubscribe: <https://x.example/?e=${encodeURIComponent(mark)}>\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from(`<p>${mark}</p>`).toString("base64")}\n`,
	"broken.eml": `${mark}\n`,
	"c.csv": `email,note\n${planted[3]},"${mark}"\n`,
	"c.metrics.csv": `"${mark}",Sent\n"${mark}",3\n`,
	"d.template.json": JSON.stringify({ TemplateName: "t", SubjectPart: mark, HtmlPart: `<p>${mark}</p>`, TextPart: mark }),
	"latin.html": "\ufffd",
};
