import { z } from "zod";
import type { Place } from "./table.ts";

/** A resource type of AWS Config and the properties asked of it, as its schema names them (awslabs/aws-config-resource-schema). */
export interface RecordedType {
	readonly name: `AWS::${string}::${string}`;
	readonly properties: readonly string[];
}

/** What an advanced query told of one resource. */
export interface RecordedRow {
	/** resourceId. */
	id: string;
	/** When AWS Config captured the configuration, UTC, RFC 3339. */
	capturedAt: string;
	/** The rest of the row, still unread: the table that asked says what it must hold. */
	properties: Readonly<Record<string, unknown>>;
}

/** An answer's row is some kilobytes; one far above is none that AWS writes. */
const maxRowLength = 200_000;

/** A moment with its zone: without one the age could be off by a day. */
const moment = z.iso.datetime({ offset: true });

const rowSchema = z.looseObject({
	accountId: z.string(),
	awsRegion: z.string(),
	resourceType: z.string(),
	resourceId: z.string().min(1).max(1024),
	configurationItemCaptureTime: moment,
	// Deleted, not recorded and the like are words about something else than a resource that is there.
	configurationItemStatus: z.enum(["OK", "ResourceDiscovered"]),
});

/** One result of a query: JSON in a string. Undefined for what is no row, is malformed, or speaks of another type, account or Region. */
export function parseRow(text: string, type: RecordedType, place: Place): RecordedRow | undefined {
	const parsed = text.length > maxRowLength ? undefined : rowSchema.safeParse(jsonOf(text));
	if (parsed?.success !== true) return undefined;
	const { accountId, awsRegion, resourceType, resourceId: id, configurationItemCaptureTime: captured, ...properties } = parsed.data;
	if (accountId !== place.account || awsRegion !== place.region || resourceType !== type.name) return undefined;
	return { id, capturedAt: new Date(captured).toISOString(), properties };
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}
