import type { Region } from "@aws-sdk/client-account";
import { MalformedAnswer } from "../../aws/errors.ts";
import { allRegions, isEnabled, listRegions } from "../../aws/preflight.ts";
import { listOf, table } from "../../aws/table.ts";
import { listArchives } from "../aws-mailmanager/api.ts";
import { listRuleSets } from "../aws-ses/api.ts";
import { getAccount, listConfigurationSets, listIdentities } from "./api.ts";

const region = (one: Region) => one.RegionName;

/** Every Region that the account has enabled and nobody scans, and what of SES it holds: what sends, receives or keeps mail in a forgotten Region is seen. */
export const regions = table({
	list: listOf(listRegions, allRegions, (page) => page.Regions),
	id: (one) => one.RegionName ?? "",
	keep: (one, place) => isEnabled(one.RegionOptStatus) && !place.regions.includes(one.RegionName ?? ""),
	ofAccount: true,
	details: {
		identities: { operation: listIdentities, input: () => ({ PageSize: 1000 }), region },
		sets: { operation: listConfigurationSets, input: () => ({ PageSize: 1000 }), region },
		account: { operation: getAccount, input: () => ({}), region },
		ruleSets: { operation: listRuleSets, input: () => ({}), region },
		archives: { operation: listArchives, input: () => ({}), region },
	},
	kinds: {
		"aws.ses_region": {
			of: ["identities", "sets", "account"],
			map: (one, { identities, sets, account }) => {
				const sent = account?.[0]?.SendQuota?.SentLast24Hours;
				if (sent === undefined) throw new MalformedAnswer("the answer holds no SendQuota");
				return {
					id: one.RegionName ?? "",
					values: {
						name: one.RegionName,
						identities: identities?.reduce((sum, page) => sum + (page.EmailIdentities ?? []).length, 0),
						configuration_sets: sets?.reduce((sum, page) => sum + (page.ConfigurationSets ?? []).length, 0),
						sent_last_24_hours: sent,
						production_access_enabled: account?.[0]?.ProductionAccessEnabled,
					},
				};
			},
		},
		// Apart, since SES receives and archives in fewer Regions than it sends from.
		"aws.ses_region_receiving": {
			of: ["ruleSets"],
			map: ({ RegionName: name = "" }, { ruleSets }) => ({
				id: name,
				values: { name, receipt_rule_sets: ruleSets?.reduce((sum, page) => sum + (page.RuleSets ?? []).length, 0) },
			}),
		},
		"aws.ses_region_archives": {
			of: ["archives"],
			map: ({ RegionName: name = "" }, { archives }) => ({
				id: name,
				values: { name, archives: archives?.reduce((sum, page) => sum + (page.Archives ?? []).length, 0) },
			}),
		},
	},
});
