import { crc32, deflateRawSync } from "node:zlib";

export interface RowSpec {
	ip?: string;
	count?: number | string;
	dkim?: string;
	spf?: string;
	disposition?: string;
	from?: string;
	auth?: string;
}

/** XML of an aggregate report with the given rows. */
export function dmarcXml(rows: readonly RowSpec[], { domain = "example.org", begin = 1_795_219_200, root = "<feedback>", extra = "" } = {}): string {
	const records = rows.map(
		({ ip = "192.0.2.1", count = 1, dkim = "pass", spf = "pass", disposition = "none", from = domain, auth = "" }) =>
			`<record><row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><disposition>${disposition}</disposition><dkim>${dkim}</dkim><spf>${spf}</spf></policy_evaluated></row><identifiers><header_from>${from}</header_from></identifiers><auth_results>${auth}</auth_results></record>`,
	);
	const close = `</${/^<([^\s>]+)/.exec(root)?.[1]}>`;
	return `${root}<report_metadata><org_name>Receiver</org_name><email>x@receiver.example</email><report_id>id-1</report_id><date_range><begin>${begin}</begin><end>${begin + 86_399}</end></date_range></report_metadata><policy_published><domain>${domain}</domain><p>reject</p></policy_published>${extra}${records.join("")}${close}`;
}

export function tlsJson(overrides: Record<string, unknown> = {}): string {
	return JSON.stringify({
		"organization-name": "Sender",
		"date-range": { "start-datetime": "2026-11-20T00:00:00Z", "end-datetime": "2026-11-20T23:59:59Z" },
		"contact-info": "x@sender.example",
		"report-id": "t1",
		policies: [
			{
				policy: { "policy-type": "sts", "policy-domain": "example.org" },
				summary: { "total-successful-session-count": 5, "total-failure-session-count": 0 },
			},
		],
		...overrides,
	});
}

export interface ZipSpec {
	name: string;
	data: Buffer;
	method?: number;
	/** In place of what the data gives. */
	crc?: number;
	size?: number;
	flags?: number;
}

/** A zip file (APPNOTE 4.3) with the given entries. */
export function zipOf(entries: readonly ZipSpec[]): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const { name, data, method = 8, crc = crc32(data), size = data.length, flags = 0 } of entries) {
		const packed = method === 8 ? deflateRawSync(data) : data;
		const local = Buffer.alloc(30);
		local.writeUInt32LE(0x04034b50, 0);
		local.writeUInt16LE(20, 4);
		local.writeUInt16LE(method, 8);
		local.writeUInt16LE(name.length, 26);
		const central = Buffer.alloc(46);
		central.writeUInt32LE(0x02014b50, 0);
		central.writeUInt16LE(flags, 8);
		central.writeUInt16LE(method, 10);
		central.writeUInt32LE(crc, 16);
		central.writeUInt32LE(packed.length, 20);
		central.writeUInt32LE(size, 24);
		central.writeUInt16LE(name.length, 28);
		central.writeUInt32LE(offset, 42);
		parts.push(local, Buffer.from(name), packed);
		directory.push(central, Buffer.from(name));
		offset += 30 + name.length + packed.length;
	}
	const list = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(entries.length, 8);
	end.writeUInt16LE(entries.length, 10);
	end.writeUInt32LE(list.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...parts, list, end]);
}

/** A mail with one text part and the given attachments in base64. */
export function mailWith(attachments: readonly { type: string; data: Buffer }[], { type = "multipart/mixed", text = "Attached." } = {}): Buffer {
	const parts = [
		`Content-Type: text/plain\r\n\r\n${text}\r\n`,
		...attachments.map(
			(one) =>
				`Content-Type: ${one.type}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${one.data.toString("base64").replaceAll(/.{76}/g, "$&\r\n")}\r\n`,
		),
	];
	return Buffer.from(
		`From: r@receiver.example\r\nSubject: Report\r\nMIME-Version: 1.0\r\nContent-Type: ${type};\r\n\tboundary="=_b"\r\n\r\n${parts.map((part) => `--=_b\r\n${part}`).join("")}--=_b--\r\n`,
	);
}
