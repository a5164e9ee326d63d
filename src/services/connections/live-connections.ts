import type { ConnectionState } from '../../store/models/connection.model';
import type { ConnectionSubject } from './connection-subject';
import { openGrant } from './grant';
import { freshState, type RefreshDeps } from './refresh';

/** A connection as components get it. */
export interface ConnectionValue {
  /** Of the connection type. */
  key: string;
  configVarKey: string;
  fields: Record<string, string>;
  /** The answer of an OAuth provider; absent where there is none. */
  token?: Record<string, unknown>;
  /** What else the provider told at the consent. */
  context?: Record<string, unknown>;
}

/** A connection value that runs share, and what is known of its record. */
export interface LiveConnection {
  subject: ConnectionSubject;
  value: ConnectionValue;
  state: ConnectionState | null;
}

/** By the config variables of a run: whoever has these can renew them. */
const live = new WeakMap<object, LiveConnection[]>();

/** Gives the values their tokens, fresh ones, and remembers them as those of `configVars`. */
export async function bringToLife(
  deps: RefreshDeps,
  configVars: Record<string, unknown>,
  found: { subject: ConnectionSubject; value: ConnectionValue }[],
): Promise<void> {
  if (found.length === 0) return;
  const ids = found.map(({ subject }) => subject.id);
  const states = await deps.store.connections.find({ _id: { $in: ids } }).lean<ConnectionState[]>();
  const connections = found.map(({ subject, value }): LiveConnection => {
    return { subject, value, state: states.find(({ _id }) => _id === subject.id) ?? null };
  });
  await Promise.all(connections.map((connection) => renew(deps, connection)));
  live.set(configVars, connections);
}

/**
 * Renews the tokens within a run's config variables, in place, when one of them is due; nothing to wait for
 * otherwise. To be called before each step: a run may take longer than a token lives.
 */
export function renewConnections(
  deps: RefreshDeps,
  configVars: Record<string, unknown>,
): Promise<unknown> | undefined {
  const nowMs = Date.now();
  const due = connectionsOf(configVars).filter(
    ({ state }) => state?.refreshAt && state.refreshAt.getTime() <= nowMs,
  );
  return due.length === 0 ? undefined : Promise.all(due.map((connection) => renew(deps, connection)));
}

/** The connections among a run's config variables. */
export function connectionsOf(configVars: Record<string, unknown>): LiveConnection[] {
  return live.get(configVars) ?? [];
}

async function renew(deps: RefreshDeps, connection: LiveConnection): Promise<void> {
  const { subject, value } = connection;
  if (!subject.settings) return;
  connection.state = await freshState(deps, subject, connection.state);
  const grant = openGrant(deps.sealer, connection.state);
  if (!grant) return;
  value.token = grant.token;
  value.context = grant.context;
}
