import type { Region } from "@aws-sdk/client-account";
import { MalformedAnswer } from "../../aws/errors.ts";
import { allRegions, isEnabled, listRegions } from "../../aws/preflight.ts";
import { listOf, type Place, table } from "../../aws/table.ts";
import { getAccount, listConfigurationSets, listIdentities } from "./api.ts";

const region = (one: Region) => one.RegionName;
const isScanned = (one: Region, { regions }: Place) => one.RegionName !== undefined && regions.includes(one.RegionName);
/** A Region that is scanned has its identities told one by one: only the others are counted. */
const unlessScanned =
	<Input extends object>(input: Input) =>
	(one: Region, _described: undefined, place: Place) =>
		isScanned(one, place) ? undefined : input;

/** Every Region that the account has enabled, and what of SES it holds: a sender in a forgotten Region is seen. */
export const regions = table({
	list: listOf(listRegions, allRegions, (page) => page.Regions),
	id: (one) => one.RegionName ?? "",
	keep: (one) => isEnabled(one.RegionOptStatus),
	ofAccount: true,
	details: {
		identities: { operation: listIdentities, input: unlessScanned({ PageSize: 1000 }), region },
		sets: { operation: listConfigurationSets, input: unlessScanned({ PageSize: 1000 }), region },
		account: { operation: getAccount, input: unlessScanned({}), region },
	},
	kinds: {
		"aws.ses_region": {
			of: ["identities", "sets", "account"],
			map: (one, { identities, sets, account }, place) => {
				const sent = account?.[0]?.SendQuota?.SentLast24Hours;
				if (sent === undefined && !isScanned(one, place)) throw new MalformedAnswer("the answer holds no SendQuota");
				return {
					id: one.RegionName ?? "",
					values: {
						name: one.RegionName,
						scanned: isScanned(one, place),
						identities: identities?.reduce((sum, page) => sum + (page.EmailIdentities ?? []).length, 0),
						configuration_sets: sets?.reduce((sum, page) => sum + (page.ConfigurationSets ?? []).length, 0),
						sent_last_24_hours: sent,
						production_access_enabled: account?.[0]?.ProductionAccessEnabled,
					},
				};
			},
		},
	},
});
