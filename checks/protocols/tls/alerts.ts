/** RFC 8446 6, RFC 5246 7.2, RFC 6066 9 and SSLv3. */
const names = new Map<number, string>([
	[0, "close_notify"],
	[10, "unexpected_message"],
	[20, "bad_record_mac"],
	[21, "decryption_failed"],
	[22, "record_overflow"],
	[30, "decompression_failure"],
	[40, "handshake_failure"],
	[41, "no_certificate"],
	[42, "bad_certificate"],
	[43, "unsupported_certificate"],
	[46, "certificate_unknown"],
	[47, "illegal_parameter"],
	[48, "unknown_ca"],
	[49, "access_denied"],
	[50, "decode_error"],
	[51, "decrypt_error"],
	[60, "export_restriction"],
	[70, "protocol_version"],
	[71, "insufficient_security"],
	[80, "internal_error"],
	[86, "inappropriate_fallback"],
	[90, "user_canceled"],
	[100, "no_renegotiation"],
	[109, "missing_extension"],
	[110, "unsupported_extension"],
	[112, "unrecognized_name"],
	[113, "bad_certificate_status_response"],
	[115, "unknown_psk_identity"],
	[116, "certificate_required"],
	[120, "no_application_protocol"],
]);

export function alertName(code: number): string {
	return names.get(code) ?? `alert_${code}`;
}

/** Alerts by which a server says that nothing in the offer suits it. Any other may have another cause and proves nothing. */
export const refusalAlerts: ReadonlySet<string> = new Set(["handshake_failure", "protocol_version", "insufficient_security"]);
