/** The zones of the benchmark: domain d<i>.bench.example with every record of a well-kept mail domain; 40 shared MX hosts and includes. */
export const shared = 40;

export function answersFor(name: string, type: string): { type: string; data: unknown }[] | undefined {
	const match = /^(?:(.+)\.)?(d\d+)\.bench\.example$/.exec(name);
	if (match === null) return sharedAnswers(name, type);
	const [, below, domain = ""] = match;
	const group = Number(domain.slice(1)) % shared;
	const owner = `${domain}.bench.example`;
	if (below === undefined) {
		if (type === "TXT") return [{ type, data: [`v=spf1 include:_spf${group}.bench.example ip4:192.0.2.${group} -all`] }];
		if (type === "MX") return [{ type, data: { preference: 10, exchange: `mx${group}.bench.example` } }];
		if (type === "NS") return [{ type, data: "ns.bench.example" }];
		return [];
	}
	if (type !== "TXT") return below === "mta-sts" && type === "A" ? [{ type, data: "192.0.2.200" }] : known(below) ? [] : undefined;
	if (below === "_dmarc") return [{ type, data: [`v=DMARC1; p=reject; rua=mailto:dmarc@${owner}`] }];
	if (below === "_mta-sts") return [{ type, data: ["v=STSv1; id=20261101"] }];
	if (below === "_smtp._tls") return [{ type, data: [`v=TLSRPTv1; rua=mailto:tls@${owner}`] }];
	if (below === "default._bimi") return [{ type, data: [`v=BIMI1; l=https://${owner}/logo.svg`] }];
	if (below === "s1._domainkey") return [{ type, data: `v=DKIM1; k=rsa; p=${keyOf(domain)}`.match(/.{1,255}/g) }];
	return known(below) ? [] : undefined;
}

function known(below: string): boolean {
	return ["_domainkey", "_tls", "_bimi", "mta-sts", "_mta-sts", "_dmarc", "_smtp._tls", "default._bimi", "s1._domainkey"].includes(below);
}

function sharedAnswers(name: string, type: string): { type: string; data: unknown }[] | undefined {
	const spf = /^_spf(\d+)\.bench\.example$/.exec(name);
	if (spf !== null) return type === "TXT" ? [{ type, data: [`v=spf1 ip4:198.51.100.0/24 ip4:203.0.113.${spf[1]} -all`] }] : [];
	const mx = /^mx(\d+)\.bench\.example$/.exec(name);
	if (mx !== null) return type === "A" ? [{ type, data: `192.0.2.${100 + Number(mx[1])}` }] : [];
	if (name === "ns.bench.example") return type === "A" ? [{ type, data: "192.0.2.53" }] : [];
	if (name === "bench.example" || name === "example") return [];
	return undefined;
}

const key =
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuMjVi2w3l7VzW1Zz0cQ0gTDNd3m9xCL9f4u8B2UQb2Hcqkq0W5xw0p3oJ3mC8n2k5nA9s7n1bq3Q2c7Ff6r0b0v8aWmB4Yx1kT3G7fJYcJp8C6q9XxqLw2sWQd1Kq7eT5eYl4Zr8vN0uHq3Jb5m2T9pFs6cVt7yR1wE0xG8nU4oD3hB6kI2lP9aZ5sX7vQ1rM4tN8yJ0uC3wF6gH9bK2eL5iO8dS1fT4jV7nY0qR3xW6zA9cE2hG5kM8pU1vB4yD7sF0tJ3wL6oN9iQ2rT5uX8aZ1dC4gH7jK0mP3sV6yB9eE2hI5lO8qR1uU4xW7zA0cD3fG6iJ9kM2nP5rS8tV1wY4bB7eE0hH3kK6nN9qQ2tT5wW8zZ1cC4fF7iI0lL3oO6rR9uU2xX5aAwIDAQAB";

/** A key of its own for each domain, as well-kept domains have: the number stands within the modulus. */
function keyOf(domain: string): string {
	const number = domain.slice(1).padStart(8, "0");
	return key.slice(0, 60) + number + key.slice(60 + number.length);
}
