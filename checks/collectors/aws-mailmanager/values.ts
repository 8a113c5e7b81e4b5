import type { PolicyCondition } from "@aws-sdk/client-mailmanager";

/** One condition of a traffic policy in the words of aws_mailmanager_traffic_policy. */
export function conditionValues(condition: PolicyCondition): Record<string, unknown> {
	const { BooleanExpression: flag, IpExpression: ip, Ipv6Expression: ipv6, StringExpression: text, TlsExpression: tls } = condition;
	return {
		boolean_expression: flag && {
			operator: flag.Operator,
			evaluate: {
				analysis: flag.Evaluate?.Analysis && { analyzer: flag.Evaluate.Analysis.Analyzer, result_field: flag.Evaluate.Analysis.ResultField },
				is_in_address_list: flag.Evaluate?.IsInAddressList && {
					address_lists: flag.Evaluate.IsInAddressList.AddressLists,
					attribute: flag.Evaluate.IsInAddressList.Attribute,
				},
			},
		},
		ip_expression: ip && { operator: ip.Operator, values: ip.Values, evaluate: { attribute: ip.Evaluate?.Attribute } },
		ipv6_expression: ipv6 && { operator: ipv6.Operator, values: ipv6.Values, evaluate: { attribute: ipv6.Evaluate?.Attribute } },
		string_expression: text && {
			operator: text.Operator,
			values: text.Values,
			evaluate: {
				attribute: text.Evaluate?.Attribute,
				analysis: text.Evaluate?.Analysis && { analyzer: text.Evaluate.Analysis.Analyzer, result_field: text.Evaluate.Analysis.ResultField },
			},
		},
		tls_expression: tls && { operator: tls.Operator, value: tls.Value, evaluate: { attribute: tls.Evaluate?.Attribute } },
	};
}
