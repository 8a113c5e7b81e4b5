import type { ConfigurationRecorder, RecordingFrequency } from "@aws-sdk/client-config-service";
import { describeRecorderStatus, describeRecorders } from "./config-service.ts";
import type { AwsSession } from "./session.ts";

/**
 * Whether an account says of its own recorder in a Region that it runs, that its last recording succeeded, and that it records a type each
 * time a resource changes. Anything else, a refusal included, is no such word; the refusal itself is evidence of aws-config.
 */
export async function recordsContinuously(session: AwsSession, region: string, type: string): Promise<boolean> {
	try {
		const [{ ConfigurationRecorders: recorders = [] }, { ConfigurationRecordersStatus: statuses = [] }] = await Promise.all([
			session.send(describeRecorders, {}, region),
			session.send(describeRecorderStatus, {}, region),
		]);
		return recorders.some(
			(recorder) =>
				// A recorder of a service's own records for that service, into no history that an aggregator reads.
				recorder.name !== undefined &&
				recorder.servicePrincipal === undefined &&
				statuses.some((status) => status.name === recorder.name && status.recording === true && isSuccess(status.lastStatus)) &&
				records(recorder, type) &&
				frequencyOf(recorder, type) === "CONTINUOUS",
		);
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		return false;
	}
}

/** The API writes SUCCESS, the SDK's own type Success. */
function isSuccess(status: string | undefined): boolean {
	return status?.toUpperCase() === "SUCCESS";
}

function records({ recordingGroup: group }: ConfigurationRecorder, type: string): boolean {
	const listed: readonly string[] = group?.resourceTypes ?? [];
	const excluded: readonly string[] = group?.exclusionByResourceTypes?.resourceTypes ?? [];
	switch (group?.recordingStrategy?.useOnly) {
		case "ALL_SUPPORTED_RESOURCE_TYPES":
			return true;
		case "INCLUSION_BY_RESOURCE_TYPES":
			return listed.includes(type);
		case "EXCLUSION_BY_RESOURCE_TYPES":
			return excluded.length > 0 && !excluded.includes(type);
		case undefined:
			return group?.allSupported === true || listed.includes(type);
		default:
			return false;
	}
}

/** Without a mode a recorder records continuously (AWS Config API Reference, ConfigurationRecorder). */
function frequencyOf({ recordingMode: mode }: ConfigurationRecorder, type: string): RecordingFrequency | undefined {
	if (mode === undefined) return "CONTINUOUS";
	const override = mode.recordingModeOverrides?.find((one) => (one.resourceTypes as readonly string[] | undefined)?.includes(type));
	return override === undefined ? mode.recordingFrequency : override.recordingFrequency;
}
