/**
 * Words that say what somebody suffers from or is treated for. A topic is told to whoever reads a message's unsubscribe page
 * or a list export, so its name must not say it: 45 CFR 164.502(b), minimum necessary. A short list of plain words; what it
 * does not know is for whoever names the topic to see.
 */
const conditions = [
	"abortion",
	"addiction",
	"adhd",
	"aids",
	"allerg",
	"alzheimer",
	"anorexia",
	"anxiety",
	"arthritis",
	"asthma",
	"autis",
	"bipolar",
	"bulimia",
	"cancer",
	"cardiac",
	"cardiolog",
	"chemotherap",
	"cholesterol",
	"contracepti",
	"copd",
	"covid",
	"dementia",
	"depress",
	"dermatolog",
	"detox",
	"diabet",
	"diagnos",
	"dialysis",
	"eczema",
	"endocrin",
	"epilep",
	"fertilit",
	"gastro",
	"gynecolog",
	"hepatitis",
	"herpes",
	"hiv",
	"hypertensi",
	"infertil",
	"insulin",
	"kidney",
	"leukemia",
	"lupus",
	"menopaus",
	"methadone",
	"migraine",
	"miscarriage",
	"neurolog",
	"obesity",
	"obstetric",
	"oncolog",
	"opioid",
	"osteopor",
	"overdose",
	"parkinson",
	"pregnan",
	"prenatal",
	"psoriasis",
	"psychiatr",
	"psycholog",
	"rehab",
	"schizo",
	"scleros",
	"sexual",
	"std",
	"sti",
	"stroke",
	"substance",
	"suicid",
	"therapy",
	"transplant",
	"tubercul",
	"tumor",
	"urolog",
];

/** Short ones mean something only as a whole word: "aids" is in "bandaids", "sti" in "questions". */
const wholeWords = new Set(["adhd", "aids", "copd", "hiv", "std", "sti", "stroke", "therapy", "lupus", "rehab"]);

/** The first word of a condition in a text, or undefined. Linear in the text. */
export function healthWordIn(text: string): string | undefined {
	const words = text
		.normalize("NFKD")
		.replaceAll(/[\u0300-\u036f]/g, "")
		.replaceAll(/([a-z])([A-Z])/g, "$1 $2")
		.toLowerCase()
		.split(/[^a-z]+/);
	for (const word of words) {
		const found = conditions.find((condition) => (wholeWords.has(condition) ? word === condition : word.startsWith(condition)));
		if (found !== undefined) return word;
	}
	return undefined;
}
