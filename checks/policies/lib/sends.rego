# METADATA
# title: Campaigns whose sends are reconciled with the records
# description: |
#   sends.campaign holds counts over all sends of one campaign. What could not be joined, or was not read whole, is a gap at its path.
package policies.lib.sends

import data.policies.lib.evidence

# Campaigns that need an authorization of each recipient, or where the record does not say.
in_need contains campaign if {
	some campaign in evidence.of("sends.campaign")
	campaign.needsAuthorization != false
}

# What keeps a campaign without a fault from being right.
gaps(campaign) := _undecided(campaign) | unseen(campaign)

_undecided(campaign) := {finding |
	not campaign.needsAuthorization == true
	finding := evidence.finding(
		campaign,
		"needsAuthorization",
		"the record does not say whether the campaign needs authorizations",
	)
}

# Sends that nobody can attribute to a person, and exports that were not read whole.
unseen(campaign) := {finding |
	not evidence.at_most(campaign, "authorization.unjoined", 0)
	finding := evidence.finding(campaign, "authorization.unjoined", "recipients cannot be told from the export")
} | {finding |
	not campaign.complete == true
	finding := evidence.finding(campaign, "complete", "the sends were not read whole")
}
