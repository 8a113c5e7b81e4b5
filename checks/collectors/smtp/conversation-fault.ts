import type { ReasonCode } from "../../../model/reasons.ts";

/** Why a conversation ended early. Thrown and caught inside this collector; outside it is an item in status error. */
export class ConversationFault extends Error {
	override readonly name = "ConversationFault";
	readonly code: ReasonCode;
	/** Reply code, alert or error code. */
	readonly detail: string | undefined;

	constructor(code: ReasonCode, message: string, detail?: string) {
		super(message);
		this.code = code;
		this.detail = detail;
	}
}
