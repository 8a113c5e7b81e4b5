import { locateIdentifiers } from "../../../model/records/identifiers.ts";
import { matchingForm } from "./matching-form.ts";

/** A Post Office box or a private mailbox, as 16 CFR 316.2(p) allows in place of a street address. */
const box = /\b(?:p\.? ?o\.? ?box|post office box|pmb|private mailbox) ?#? ?\d{1,6}\b/i;
/** City, two letters of a state or territory, ZIP code: what makes a street or a box a postal address. */
const place =
	/\b(?:A[KLRSZ]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])\.?,? {1,2}\d{5}(?:-\d{4})?\b/;
/** 15 USC 7704(a)(5)(A)(i) asks for "clear and conspicuous identification" and prescribes no words. */
const advertisement =
	/\b(?:this (?:e-?mail|message|mailing|newsletter) is an? (?:paid )?(?:ad|advertisement|commercial message|marketing message|promotion(?:al message)?)|(?:this is )?an? (?:paid )?(?:advertisement|promotional (?:e-?mail|message)|marketing (?:e-?mail|message)|commercial (?:e-?mail|message))|advertisement|paid promotion|sponsored (?:message|content|by)|promotional offer)\b/i;

/** True if a text holds a street address or a box together with state and ZIP code. Linear in the text. */
export function showsPostalAddress(text: string): boolean {
	const form = matchingForm(text).text;
	if (!place.test(form)) return false;
	return box.test(form) || locateIdentifiers(form).some((hit) => hit.detector === "street_address");
}

/** True if a text says of itself that it is an advertisement. Linear in the text. */
export function saysAdvertisement(text: string): boolean {
	return advertisement.test(matchingForm(text).text);
}
