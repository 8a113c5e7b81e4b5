interface Family {
	label: string;
	/** What an open failure of this family means to the people whose data it is. */
	risk: string;
}

/** In catalogue order. */
const known: Readonly<Record<string, Family>> = {
	privacy: { label: "Privacy", risk: "Health information may be used or disclosed by e-mail without a permission that covers it." },
	"business-associates": { label: "Business associates", risk: "A vendor may handle health information without an agreement that binds it to protect it." },
	administrative: { label: "Administrative safeguards", risk: "A safeguard may stop working without anyone noticing or being answerable for it." },
	physical: { label: "Physical safeguards", risk: "Equipment or media that hold health information may be reached by people who should not reach them." },
	technical: { label: "Technical safeguards", risk: "Messages or stored mail may be read, changed or forged by someone without authority." },
	content: { label: "Message content", risk: "A message may reveal health information to someone who should not see it." },
	"can-spam": { label: "CAN-SPAM", risk: "Recipients may be unable to tell who writes to them, or to stop it." },
	"bulk-sender": { label: "Bulk sender rules", risk: "Mailbox providers may refuse or set aside mail that patients rely on." },
	breach: { label: "Breach notification", risk: "A breach may be found late, or its extent may be impossible to prove." },
	nprm: { label: "Proposed Security Rule", risk: "The requirement is proposed and not law; it shows what may be asked for later." },
};

const order = Object.keys(known);
const unknownRisk = "A safeguard that the profile asks for is not in the expected state.";

export function familyLabel(family: string): string {
	return Object.hasOwn(known, family) ? (known[family]?.label ?? family) : family;
}

export function familyRisk(family: string): string {
	return Object.hasOwn(known, family) ? (known[family]?.risk ?? unknownRisk) : unknownRisk;
}

/** Catalogue order; families that this version does not know come last, by name. */
export function compareFamilies(a: string, b: string): number {
	const first = order.indexOf(a);
	const second = order.indexOf(b);
	if (first >= 0 && second >= 0) return first - second;
	if (first >= 0 || second >= 0) return first >= 0 ? -1 : 1;
	return a < b ? -1 : a > b ? 1 : 0;
}
