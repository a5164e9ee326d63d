import type { PerformOutcome, PerformRequest } from '../../components/runner/contract';
import { connectionsOf, type LiveConnection } from '../../services/connections/live-connections';
import { awaitAgent } from '../../services/on-premise/await-agent';
import type { RunDeps } from '../run-deps';
import { withPerform } from '../with-perform';
import { causeOf } from './cause-of';
import { openTunnel, type Tunnel } from './open-tunnel';

interface Reached {
  connection: LiveConnection;
  resourceId: string;
}

/**
 * The same, with runners whose calls find the services in customers' networks at local ports: `host` and `port` of
 * connections with an on-premise resource lead there for as long as the call lasts. Costs nothing where a run has no
 * such connection.
 */
export function withOnPremise(deps: RunDeps): RunDeps {
  const { runners } = deps;
  const perform: RunDeps['runners']['perform'] = async (request, options) => {
    const reached = reachedBy(request);
    if (reached.length === 0) return runners.perform(request, options);
    const missing = await missingAgent(deps, request, reached);
    if (missing) return missing;
    const tunnels: Tunnel[] = [];
    try {
      for (const { resourceId } of reached) tunnels.push(await openTunnel(deps, resourceId));
      const outcome = await runners.perform(leading(request, reached, tunnels), options);
      return outcome.ok ? outcome : explained(outcome, reached, tunnels);
    } finally {
      for (const tunnel of tunnels) tunnel.close();
    }
  };
  return { ...deps, runners: withPerform(runners, perform) };
}

/** Those of the run, since code may take them from its context. */
function reachedBy({ context }: PerformRequest): Reached[] {
  const configVars = context['configVars'];
  if (typeof configVars !== 'object' || configVars === null) return [];
  return connectionsOf(configVars as Record<string, unknown>).flatMap((connection) => {
    const { onPremiseResourceId: resourceId } = connection.subject;
    return resourceId === undefined ? [] : [{ connection, resourceId }];
  });
}

/** The outcome of a call whose inputs have a connection that leads nowhere now. */
async function missingAgent(
  deps: RunDeps,
  { params }: PerformRequest,
  reached: Reached[],
): Promise<PerformOutcome | undefined> {
  const inputs = new Set<unknown>(Object.values(params));
  for (const { connection, resourceId } of reached) {
    if (!inputs.has(connection.value)) continue;
    const found = await awaitAgent(deps, resourceId);
    if ('fault' in found) return failed(connection, `The connection leads nowhere: ${found.fault}.`);
  }
  return undefined;
}

function failed({ value }: LiveConnection, message: string): Extract<PerformOutcome, { ok: false }> {
  const connectionConfigVar = value.configVarKey;
  return {
    ok: false,
    error: { code: 'component_error', message, isConnectionError: true, connectionConfigVar },
  };
}

/** The request with the local ports in its connections. The run's own values, which other calls share, stay. */
function leading(request: PerformRequest, reached: Reached[], tunnels: Tunnel[]): PerformRequest {
  const led = new Map<unknown, unknown>();
  reached.forEach(({ connection: { value } }, at) => {
    const fields = { ...value.fields, host: '127.0.0.1', port: String(tunnels[at]?.port) };
    led.set(value, { ...value, fields });
  });
  const replaced = (values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, led.get(value) ?? value]));
  const { context, params } = request;
  return {
    ...request,
    params: replaced(params),
    context: { ...context, configVars: replaced(context['configVars'] as Record<string, unknown>) },
    tunnelPorts: tunnels.map(({ port }) => port),
  };
}

/** All that the component may know is that a local port answered nothing: the error says what was behind it. */
function explained(
  outcome: Extract<PerformOutcome, { ok: false }>,
  reached: Reached[],
  tunnels: Tunnel[],
): PerformOutcome {
  const { error } = outcome;
  const ways = tunnels.map(({ port, fault }, at) => ({
    port,
    fault,
    connection: reached[at]?.connection,
    configVarKey: reached[at]?.connection.value.configVarKey,
  }));
  const { connection, fault } = causeOf(error, ways) ?? {};
  if (!connection || !fault) return outcome;
  const message = `${error.message} (On-premise connection "${connection.value.configVarKey}": ${fault.reason}.)`;
  return { ok: false, error: { ...error, ...failed(connection, message).error } };
}
