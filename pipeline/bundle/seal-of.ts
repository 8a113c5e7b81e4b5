import type { Config } from "../../model/config.ts";
import { InputError } from "../../model/source.ts";
import { readSigningKey } from "../signing.ts";
import type { Seal } from "./seal.ts";

/**
 * What `sign:` of the configuration asks for. The key is read before anything is collected, so that a key that cannot be used is known
 * before a long run and not after it. Throws InputError.
 */
export async function sealOf(config: Config, open: (path: string) => string): Promise<Pick<Seal, "key" | "tsa">> {
	const { sign } = config;
	if (sign === undefined) return {};
	if (sign.tsa !== undefined && !/^https?:/.test(sign.tsa)) {
		throw new InputError([
			{ file: "mailward.yaml", line: 1, column: 1, field: "sign.tsa", message: "expected an http: or https: address of a time stamp authority" },
		]);
	}
	if (!sign.key.startsWith("arn:")) return { key: await readSigningKey(open(sign.key), sign.key), tsa: sign.tsa };
	const { kmsSigner } = await import("./kms-signer.ts");
	return { key: await kmsSigner(sign.key), tsa: sign.tsa };
}
