/** Writes constructs/<name>/lambda.zip from lambda.ts beside it: what Lambda runs. The same source gives the same bytes. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";

const root = join(import.meta.dirname, "..");
for (const file of globSync("constructs/*/lambda.ts", { cwd: root }).sort()) {
	const code = stripTypeScriptTypes(readFileSync(join(root, file), "utf8"), { mode: "strip" }).replaceAll(/[ \t]+$/gm, "");
	const foreign = [...code.matchAll(/^(?:import|export) [^;]*?from "([^"]+)"/gm)]
		.map(([, name = ""]) => name)
		.filter((name) => !/^(?:node:|@aws-sdk\/)/.test(name));
	if (foreign.length > 0) throw new Error(`${file} imports ${foreign.join(", ")}; a function's code has Node.js and the AWS SDK, and stands in one file`);
	writeFileSync(join(root, dirname(file), "lambda.zip"), zipOf("index.mjs", Buffer.from(code)));
}

/** An archive of one file, stored as it is (APPNOTE.TXT 4.3), readable by all, of the earliest time that ZIP knows. */
function zipOf(name: string, data: Buffer): Buffer {
	const [timeAndDate, unix, mode] = [0x00210000, 0x0314, 0o100644];
	const common = Buffer.alloc(26);
	common.writeUInt16LE(20, 0);
	common.writeUInt32LE(timeAndDate, 6);
	common.writeUInt32LE(crc32(data), 10);
	common.writeUInt32LE(data.length, 14);
	common.writeUInt32LE(data.length, 18);
	common.writeUInt16LE(name.length, 22);
	const local = Buffer.concat([signature("PK\x03\x04"), common, Buffer.from(name), data]);
	const attributes = Buffer.alloc(14);
	attributes.writeUInt32LE(mode * 0x10000, 6);
	const central = Buffer.concat([signature("PK\x01\x02"), uint16(unix), common, attributes, Buffer.from(name)]);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(1, 4);
	end.writeUInt16LE(1, 6);
	end.writeUInt32LE(central.length, 8);
	end.writeUInt32LE(local.length, 12);
	return Buffer.concat([local, central, signature("PK\x05\x06"), end]);
}

function signature(text: string): Buffer {
	return Buffer.from(text, "latin1");
}

function uint16(value: number): Buffer {
	const octets = Buffer.alloc(2);
	octets.writeUInt16LE(value);
	return octets;
}
