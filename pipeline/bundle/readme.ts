/** README.txt of a bundle: what each file is, and how anyone checks it with standard tools alone. */
export function readmeText(options: { isSigned: boolean; digest: string | null; isStamped: boolean; isRedacted: boolean }): string {
	const steps = [
		`1. Nothing was changed since the bundle was written (in this folder):

     sha256sum -c manifest.sha256

   On macOS: shasum -a 256 -c manifest.sha256`,
	];
	if (options.isSigned) {
		steps.push(`2. Who signed it. Get the public key by another way than this bundle. manifest.pae is the text that was signed: it
   holds the hashes of manifest.json and report.html in base64 (after "DSSEv1 28 application/vnd.in-toto+json").

     openssl ${options.digest === null ? "pkeyutl -verify -pubin -inkey SIGNER.pub -rawin -in manifest.pae -sigfile manifest.sig" : `dgst -${options.digest} -verify SIGNER.pub -signature manifest.sig manifest.pae`}`);
	}
	if (options.isStamped) {
		steps.push(`${steps.length + 1}. When it existed. Get the certificates of the time stamp authority by another way:

     openssl ts -verify -data manifest.json -in manifest.tsr -CAfile TSA-CA.pem`);
	}
	steps.push(`${steps.length + 1}. All of it at once, links between results and evidence included:

     mailward verify .${options.isSigned ? " --key SIGNER.pub" : ""}`);
	return `mailward bundle

report.html              the report, for people; open it in a browser, it needs no network
report.pdf               the same on paper, where it was asked for
result.json              every verdict, for machines; all other formats are made from it
${
	options.isRedacted
		? ""
		: `evidence/*.jsonl         what was seen, one canonical JSON line an item; the SHA-256 of a line is its id
evidence-manifest.json   the evidence files and the run, with hashes
`
}manifest.json            every file of this bundle with size and hash, and the manifest of the bundle before it
${options.isSigned ? "manifest.dsse.json       the signature: an in-toto statement over manifest.json and report.html in a DSSE envelope\n" : ""}${options.isStamped ? "manifest.tsr             time stamp of manifest.json by RFC 3161\n" : ""}${
	options.isRedacted
		? `
This bundle is redacted for sharing: account ids, ARNs, addresses, domains, hosts and names are replaced by ordinal ones, and what
people wrote is left out. Hashes of evidence and ids of results are replaced by keyed ones. The evidence stays with the owner of
the original, whose manifest.json has the SHA-256 that stands as "redactedFrom" in the one here.
`
		: ""
}
How to check it

${steps.join("\n\n")}

The bundle says what was seen and what a rule says. It gives no legal advice and is no certification. It is a map for
attackers: keep it in private places. Documentation is kept for six years (45 CFR 164.316(b)(2)(i)).
`;
}
