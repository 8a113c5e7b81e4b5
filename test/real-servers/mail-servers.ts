import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answers, output, type RunningServer } from "./programs.ts";

/** One smtpd of a Postfix: an address of 127.0.0.0/8 of its own, and what it does differently. */
export interface PostfixHost {
	address: string;
	/** Key and certificates, leaf first. Left out: no TLS. */
	pem?: string;
	/** Parameters of main.cf. */
	options?: Readonly<Record<string, string>>;
}

/** The folder that Postfix's own programs are in, on Debian and on systems like it. */
export const daemonFolder = "/usr/lib/postfix/sbin";

/** One Postfix that listens on every address at one port. Needs root: Postfix gives privileges up itself. */
export async function startPostfix(folder: string, port: number, hosts: readonly PostfixHost[]): Promise<RunningServer> {
	// The other folders it makes itself, for the accounts that need them.
	await mkdir(join(folder, "queue"), { recursive: true });
	// Its unprivileged programs have to come through.
	await chmod(folder, 0o755);
	const listeners = await Promise.all(hosts.map((host, index) => listener(folder, port, host, index)));
	await writeFile(join(folder, "master.cf"), `${[...listeners, ...services].join("\n")}\n`);
	await writeFile(join(folder, "main.cf"), mainConfig(folder));
	const server = { stop: async () => void (await output("postfix", ["-c", folder, "abort"], { accept: [1] })) };
	await output("postfix", ["-c", folder, "start"]);
	const [first] = hosts;
	if (first === undefined || (await answers({ address: first.address, port }))) return server;
	await server.stop();
	throw new Error(`Postfix did not start: ${await readFile(join(folder, "postfix.log"), "utf8")}`);
}

async function listener(folder: string, port: number, { address, pem, options = {} }: PostfixHost, index: number): Promise<string> {
	const tls: Record<string, string> = { smtpd_tls_security_level: "none" };
	if (pem !== undefined) {
		const file = join(folder, `chain-${index}.pem`);
		await writeFile(file, pem, { mode: 0o600 });
		tls.smtpd_tls_security_level = "may";
		tls.smtpd_tls_chain_files = file;
	}
	const settings = Object.entries({ ...tls, ...options }).map(([name, value]) => `\n  -o { ${name} = ${value} }`);
	return `${address}:${port} inet n - n - - smtpd${settings.join("")}`;
}

const services = [
	"postlog unix-dgram n - n - 1 postlogd",
	"tlsmgr unix - - n 1000? 1 tlsmgr",
	"anvil unix - - n - 1 anvil",
	"rewrite unix - - n - - trivial-rewrite",
	"proxymap unix - - n - - proxymap",
];

function mainConfig(folder: string): string {
	return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
daemon_directory = ${daemonFolder}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder}/postfix.log
maillog_file_prefixes = ${folder}
myhostname = postfix.mail.test
mydestination =
alias_maps =
local_recipient_maps =
inet_interfaces = all
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_relay_restrictions = reject
`;
}
