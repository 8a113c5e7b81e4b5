/** What of a client of the AWS SDK is used here: commands go in, outputs come out. */
export interface AwsClient {
	send(command: unknown, options: { abortSignal: AbortSignal }): Promise<unknown>;
	destroy(): void;
}

/** Settings that every client of the SDK takes. */
export interface ClientSettings {
	region: string;
	credentials: unknown;
	retryMode: string;
	maxAttempts: number;
	requestHandler: unknown;
	logger: object;
}

/** The names of a client package's operations: GetEmailIdentity for GetEmailIdentityCommand. */
export type OperationName<Sdk> = keyof Sdk extends infer Key ? (Key extends `${infer Name}Command` ? (Name extends "$" | "" ? never : Name) : never) : never;

export interface CommandIo<Input, Output> {
	readonly input: Input;
	// The SDK's own way to tell what a command answers.
	resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: Output }>;
}

export type IoOf<Sdk, Name extends string> = `${Name}Command` extends keyof Sdk
	? Sdk[`${Name}Command`] extends abstract new (
			...args: never[]
		) => CommandIo<infer Input, infer Output>
		? { input: Input; output: Output }
		: never
	: never;

/** One operation of one service, as the SDK types it. Nothing of the SDK is loaded until it is first called. */
export interface Operation<Input, Output> {
	readonly api: Api;
	/** GetEmailIdentity. */
	readonly name: string;
	/** The permission that the call takes, as IAM policies write it: ses:GetEmailIdentity. */
	readonly action: string;
	/** Members without which an answer is no answer. */
	readonly expects: readonly string[];
	/** True where several tables ask the same: the answer is kept for the run. */
	readonly shared: boolean;
	/** True of an answer that says "not ready yet": the call is made again after a while. */
	pending(answer: unknown): boolean;
	/** What the question for the next page adds; undefined after the last. */
	next(answer: unknown): object | undefined;
	/** For the types alone. */
	readonly io?: { input: Input; output: Output };
}

export interface Api {
	/** The client package's short name, sesv2. */
	readonly id: string;
	/** True for services that answer for the account as a whole, whatever the Region. */
	readonly global: boolean;
	/** How many calls one account has open at the service at once. */
	readonly concurrency: number;
	client(settings: ClientSettings): Promise<AwsClient>;
	command(name: string, input: unknown): Promise<unknown>;
}

export interface ApiOptions<Sdk> {
	id: string;
	/** The prefix of the service's IAM actions where it is not the id. */
	prefix?: string;
	/** The client's class in the package. */
	client: Extract<keyof Sdk, `${string}Client`>;
	load: () => Promise<Sdk>;
	global?: boolean;
	concurrency?: number;
	/** Settings of this client alone. */
	settings?: Record<string, unknown>;
}

export interface OperationOptions<Output> {
	/** The IAM action where it is not prefix:Name: ListBuckets takes s3:ListAllMyBuckets. */
	action?: string;
	/** The answers are kept for the run: several tables rest on them. */
	shared?: boolean;
	/** Members without which an answer is no answer: a body that was cut or emptied on the way must not read as "none". */
	expects?: readonly (keyof Output & string)[];
	/** True of an answer that says "not ready yet", as of a report that AWS is still writing. */
	pending?: (answer: Output) => boolean;
	/** The token's member: one name where question and answer share it, [answer, question] else, or what the next question adds. */
	pages?: (keyof Output & string) | readonly [keyof Output & string, string] | ((answer: Output) => object | undefined);
}

/** Declares a service of the SDK; the function that comes back declares its operations. */
export function awsApi<Sdk extends object>(options: ApiOptions<Sdk>) {
	let loading: Promise<Record<string, unknown>> | undefined;
	const classOf = async <Class>(name: string): Promise<Class> => {
		loading ??= options.load() as unknown as Promise<Record<string, unknown>>;
		const found = (await loading)[name];
		if (typeof found !== "function") throw new Error(`the SDK's ${options.id} has no ${name}`);
		return found as Class;
	};
	const api: Api = {
		id: options.id,
		global: options.global ?? false,
		concurrency: options.concurrency ?? 8,
		async client(settings) {
			const Client = await classOf<new (settings: object) => AwsClient>(options.client);
			return new Client({ ...settings, ...options.settings });
		},
		async command(name, input) {
			const Command = await classOf<new (input: unknown) => unknown>(`${name}Command`);
			return new Command(input);
		},
	};
	return <Name extends OperationName<Sdk> & string>(
		name: Name,
		more: OperationOptions<IoOf<Sdk, Name>["output"]> = {},
	): Operation<IoOf<Sdk, Name>["input"], IoOf<Sdk, Name>["output"]> => {
		return {
			api,
			name,
			action: more.action ?? `${options.prefix ?? options.id}:${name}`,
			expects: more.expects ?? [],
			shared: options.global === true || more.shared === true,
			pending: (answer) => more.pending?.(answer as IoOf<Sdk, Name>["output"]) === true,
			next: (answer) => nextOf(more.pages, answer as IoOf<Sdk, Name>["output"]),
		};
	};
}

function nextOf<Output>(pages: OperationOptions<Output>["pages"], answer: Output): object | undefined {
	if (pages === undefined) return undefined;
	if (typeof pages === "function") return pages(answer);
	const [output, input]: readonly [keyof Output, string] = typeof pages === "string" ? [pages, pages] : pages;
	const token: unknown = answer[output];
	return token === undefined || token === null || token === "" ? undefined : { [input]: token };
}
