export type ReportFaultCode = "malformed" | "too_large";

/** Why a report is refused. The message quotes nothing of the file but numbers, for what stands in it is a stranger's. */
export interface ReportError {
	code: ReportFaultCode;
	message: string;
}

/** Carries a ReportError out of the parsers; it never leaves this folder. */
export class ReportFault extends Error {
	override readonly name = "ReportFault";
	readonly code: ReportFaultCode;
	constructor(code: ReportFaultCode, message: string) {
		super(message);
		this.code = code;
	}
}

export function reportError(error: unknown): ReportError {
	if (error instanceof ReportFault) return { code: error.code, message: error.message };
	throw error;
}
