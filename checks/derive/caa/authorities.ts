/**
 * CAA identifiers of public authorities, by words of the issuer name in a certificate. From each authority's certification
 * practice statement, which names the identifiers that it honours (RFC 8659 section 4.2).
 */
const known: readonly { issuer: RegExp; identifiers: readonly string[] }[] = [
	{ issuer: /O=Let's Encrypt|O=Internet Security Research Group/i, identifiers: ["letsencrypt.org"] },
	{
		issuer: /O=DigiCert|O=GeoTrust|O=Thawte|O=RapidSSL/i,
		identifiers: ["digicert.com", "www.digicert.com", "geotrust.com", "thawte.com", "rapidssl.com", "symantec.com"],
	},
	{ issuer: /O=Google Trust Services/i, identifiers: ["pki.goog"] },
	{
		issuer: /O=Sectigo|O=COMODO|O=The USERTRUST|O=ZeroSSL/i,
		identifiers: ["sectigo.com", "comodo.com", "comodoca.com", "usertrust.com", "trust-provider.com"],
	},
	{ issuer: /O=Amazon\b/i, identifiers: ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"] },
	{ issuer: /O=GlobalSign/i, identifiers: ["globalsign.com"] },
	{ issuer: /O=GoDaddy|O=Starfield/i, identifiers: ["godaddy.com", "starfieldtech.com"] },
	{ issuer: /O=Entrust/i, identifiers: ["entrust.net", "affirmtrust.com"] },
	{ issuer: /O=Microsoft Corporation/i, identifiers: ["microsoft.com"] },
];

/** Undefined for an authority that is not in the table. */
export function caaIdentifiers(issuer: string): readonly string[] | undefined {
	return known.find((one) => one.issuer.test(issuer))?.identifiers;
}
