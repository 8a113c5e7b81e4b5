import { attestation } from "./attestation.ts";
import { baa } from "./baa.ts";
import type { RecordKind } from "./kind.ts";
import { waiver } from "./waiver.ts";

/** Every kind that is read. A new kind is one file beside this one and one row here. */
export const recordKinds: readonly RecordKind[] = [attestation, baa, waiver];

export { type AttestationRecord, attestation } from "./attestation.ts";
export { type BaaClause, type BaaRecord, baa, baaClauses } from "./baa.ts";
export { addCalendarYears, disposeNotBefore, isCalendarDate, isOffsetTime } from "./dates.ts";
export { type CrossIssue, defineRecordKind, type RecordKind, recordSchemaId, retentionOf } from "./kind.ts";
export { type WaiverRecord, waiver } from "./waiver.ts";
