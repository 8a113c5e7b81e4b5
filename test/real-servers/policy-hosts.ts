import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunningServer, startServer } from "./programs.ts";

/** One policy host of an nginx: an address of its own, its certificate, and what it does with the question. */
export interface PolicyHost {
	address: string;
	/** Key and certificates, leaf first. */
	pem: string;
	/** What is served as the policy; left out: nothing. */
	body?: string;
	/** Directives inside the location. */
	directives?: readonly string[];
}

export async function startNginx(folder: string, port: number, hosts: readonly PolicyHost[]): Promise<RunningServer> {
	const blocks = await Promise.all(hosts.map((host, index) => block(folder, port, host, index)));
	const [first] = hosts;
	await writeFile(
		join(folder, "nginx.conf"),
		`daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
events { worker_connections 64; }
http {
	access_log off; default_type text/plain; server_tokens off;
	client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
${blocks.join("\n")}
}
`,
	);
	return startServer("nginx", ["-c", join(folder, "nginx.conf"), "-p", folder], { address: first?.address ?? "127.0.0.1", port });
}

async function block(folder: string, port: number, { address, pem, body, directives = [] }: PolicyHost, index: number): Promise<string> {
	const root = join(folder, `site-${index}`);
	const file = join(folder, `site-${index}.pem`);
	await mkdir(join(root, ".well-known"), { recursive: true });
	await writeFile(file, pem);
	if (body !== undefined) await writeFile(join(root, ".well-known", "mta-sts.txt"), body);
	return `	server {
		listen ${address}:${port} ssl; ssl_certificate ${file}; ssl_certificate_key ${file};
		root ${root};
		location = /.well-known/mta-sts.txt { ${directives.join(" ")} }
	}`;
}
