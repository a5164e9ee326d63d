import { hostname } from 'node:os';
import { parseArgs } from 'node:util';

/** What an agent connects, and to whom. */
export interface AgentOptions {
  /** Of the API, `http` or `https`. */
  url: URL;
  token: string;
  target: { host: string; port: number };
  /** Shown to people. */
  name: string;
}

export const AGENT_USAGE = `Usage: npm run --silent tenon -- agent --url URL --target HOST:PORT [--token JWT] [--name NAME]

Runs in a customer's network and lets runs of their instances reach one service there. It connects to the API only,
outwards, and takes no connection itself.

  --url     Origin of the API, https in production; or TENON_AGENT_URL.
  --target  The service's host:port, [v6]:port; or TENON_AGENT_TARGET.
  --token   The resource's token; better TENON_AGENT_TOKEN, which no list of processes shows.
  --name    How people know the agent, its host's name if not given; or TENON_AGENT_NAME.

Exit code: 0 when it was asked to stop, 1 when its token is refused, 2 when the command itself is wrong.
`;

const TARGET = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/i;
const names = ['url', 'token', 'target', 'name'] as const;

/** Reads the command line over the environment. Throws one error that names every fault. */
export function readAgentOptions(argv: readonly string[], env: NodeJS.ProcessEnv): AgentOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const given = (name: (typeof names)[number]): string =>
    String(values[name] ?? env[`TENON_AGENT_${name.toUpperCase()}`] ?? '').trim();
  const faults: string[] = [];
  const url = URL.canParse(given('url')) ? new URL(given('url')) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) faults.push('--url wants the origin of the API, https://…');
  const [, v6, host = v6, port = '0'] = TARGET.exec(given('target')) ?? [];
  if (!host || Number(port) < 1 || Number(port) > 65_535) faults.push('--target wants host:port');
  if (!given('token')) faults.push('the token is missing: TENON_AGENT_TOKEN or --token');
  if (faults.length > 0 || !url || !host) throw new Error(faults.join('; '));
  const name = given('name') || hostname();
  return { url, token: given('token'), target: { host, port: Number(port) }, name };
}
