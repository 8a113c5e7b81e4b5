/** Oldest first. */
export const protocolVersions = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export type ProtocolVersion = (typeof protocolVersions)[number];

const codes: Readonly<Record<ProtocolVersion, number>> = { SSLv3: 0x0300, TLSv1: 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304 };

export function versionCode(version: ProtocolVersion): number {
	return codes[version];
}

/** The version, or its code in hexadecimal where it is none of the table's (a draft, or nonsense). */
export function versionName(code: number): string {
	return protocolVersions.find((version) => codes[version] === code) ?? `0x${code.toString(16).padStart(4, "0")}`;
}
