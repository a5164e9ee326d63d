import { hostname } from 'node:os';
import { z } from 'zod';
import { listOf, parseOverrides } from '../net/network-rules';
import { allowedRanges } from '../net/private-addresses';

/** A secret that prints as `[redacted]`; read it with {@link Secret.reveal}. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[redacted]';
  }
  toJSON(): string {
    return '[redacted]';
  }
}

/** Whether one of the functions reads the text without a complaint. */
const isReadable =
  (readList: (entries: string[]) => unknown, readText: (text: string) => unknown = () => undefined) =>
  (text: string): boolean => {
    try {
      readList(listOf(text));
      readText(text);
      return true;
    } catch {
      return false;
    }
  };

const secret = (minimum: number) =>
  z
    .string()
    .min(minimum)
    .transform((text) => new Secret(text));
const port = z.coerce.number().int().min(1).max(65_535);
/** A port that is not listened on when it is 0. */
const optionalPort = z.coerce.number().int().min(0).max(65_535).default(0);
const count = (initial: number, minimum = 1) => z.coerce.number().int().min(minimum).default(initial);

const ENCRYPTION_KEYS = /^[\w-]{1,64}:[A-Za-z0-9+/]{43}=(,[\w-]{1,64}:[A-Za-z0-9+/]{43}=)*$/;

const schema = z.object({
  TENON_HOST: z.string().default('127.0.0.1').describe('Address that the API listens on.'),
  TENON_PORT: port.default(3000).describe('Port that the API listens on.'),
  TENON_PUBLIC_URL: z.url().optional().describe('Origin under which callers reach the API.'),
  TENON_WORKER_HOST: z.string().default('127.0.0.1').describe('Address of the health check of a worker.'),
  TENON_WORKER_PORT: optionalPort.describe('Port of the health check of a worker; 0 for none.'),
  TENON_INTERNAL_URL: z.url().optional().describe('Origin under which workers reach this API process.'),
  TENON_MONGODB_URI: secret(10).describe('MongoDB connection string of a replica set, database included.'),
  TENON_TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233').describe('Temporal frontend, host:port.'),
  TENON_TEMPORAL_NAMESPACE: z.string().default('default').describe('Temporal namespace.'),
  TENON_TEMPORAL_UI_URL: z.url().optional().describe('Origin of the Temporal Web UI, for links.'),
  TENON_TASK_QUEUE: z.string().default('tenon').describe('Temporal task queue of drivers and segments.'),
  TENON_ENCRYPTION_KEYS: secret(44)
    .refine((keys) => ENCRYPTION_KEYS.test(keys.reveal()), 'wants id:base64-of-32-bytes, comma-separated')
    .describe('Keys for secrets at rest, `id:base64` each, the one in use first; older ones stay readable.'),
  TENON_JWT_SECRET: secret(32).describe('Key that signs access tokens (HS256), at least 32 characters.'),
  TENON_ACCESS_TOKEN_SECONDS: count(3600).describe('Life of an access token.'),
  TENON_WEBHOOK_MAX_BYTES: count(6 * 1024 * 1024).describe('Largest webhook body.'),
  TENON_PACKAGE_MAX_BYTES: count(64 * 1024 * 1024).describe('Largest component package or source archive.'),
  TENON_INSTANCE_QUEUE_DEPTH: count(50_000).describe(
    'Executions of one instance that may wait for their start; further deliveries get 429.',
  ),
  TENON_SYNC_ANSWER_SECONDS: count(30).describe('How long a synchronous caller waits for its answer.'),
  TENON_SWEEP_AFTER_SECONDS: count(10).describe(
    'Age at which an accepted delivery without a start is started again.',
  ),
  TENON_RUNNERS: count(2).describe(
    'Runner processes of one worker that steps share, at most: the first is kept, others are started while it is full or held up. As many more for built-in components that run no code of a flow, while there are calls of those.',
  ),
  TENON_RUNNER_MEMORY_MB: count(512, 64).describe('Heap limit of a runner process.'),
  TENON_RUNNER_ISOLATION: z
    .enum(['shared', 'customer'])
    .default('shared')
    .describe('`customer`: the code of a customer’s runs shares no runner process with another’s.'),
  TENON_ALLOW_ADDRESSES: z
    .string()
    .default('')
    .refine(
      isReadable(allowedRanges),
      'wants loopback, private, addresses, CIDR ranges or names, comma-separated',
    )
    .describe(
      'Private addresses that component code may reach all the same, comma-separated: `loopback`, `private`, CIDR ranges, addresses, names, `*.domain`. Our own servers stay out of reach.',
    ),
  TENON_HOST_OVERRIDES: z
    .string()
    .default('')
    .refine(
      isReadable(() => undefined, parseOverrides),
      'wants name=address or name=address:port, comma-separated',
    )
    .describe('Names that lead component code to other addresses: `name=address[:port]`, comma-separated.'),
  TENON_OUTGOING_PROXY: z
    .string()
    .refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'wants http://user:password@host:port')
    .transform((url) => new Secret(url))
    .optional()
    .describe('Proxy for the requests of component code: `http://user:password@host:port`.'),
  TENON_NO_PROXY: z
    .string()
    .default('')
    .describe(
      'Names, `*.domain` and addresses that component code reaches without the proxy, comma-separated.',
    ),
  TENON_CA_FILE: z
    .string()
    .optional()
    .describe('PEM file of certificates that component code trusts besides the public ones.'),
  TENON_RETRY_MINUTE_MS: count(60_000).describe(
    'Milliseconds of a minute in the delays of flow retries; shorter ones are for tests.',
  ),
  TENON_STEP_TIMEOUT_SECONDS: count(900).describe('Longest time that one action may take.'),
  TENON_WORKER_SLOTS: count(100).describe('Segments that a worker runs at once.'),
  TENON_STOP_SECONDS: count(10).describe(
    'How long a process that was asked to stop waits for requests and steps that are under way.',
  ),
  TENON_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Level of the process log.'),
});

export type Env = Readonly<z.infer<typeof schema>>;

/** The rows of the generated configuration reference. */
export const ENV_SCHEMA = schema;

/** Reads and checks the environment once; throws one error that names every fault. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment has ${faults.length} fault(s):\n${faults.join('\n')}`);
}

/** The origin under which callers reach the API, without a trailing slash. */
export function publicUrl(env: Env): string {
  return (env.TENON_PUBLIC_URL ?? `http://${env.TENON_HOST}:${env.TENON_PORT}`).replace(/\/+$/, '');
}

/** The origin under which workers reach this API process, to say that an answer is stored. */
export function internalUrl(env: Env): string {
  const host = env.TENON_HOST === '0.0.0.0' || env.TENON_HOST === '::' ? hostname() : env.TENON_HOST;
  return (env.TENON_INTERNAL_URL ?? `http://${host}:${env.TENON_PORT}`).replace(/\/+$/, '');
}
