import type { ConnectionState } from '../../store/models/connection.model';
import type { Deps } from '../context';
import { ownerFields } from './connection-owner';
import { connectionsOf, type LiveConnection } from './live-connections';
import { plain } from './token-answer';

type UseDeps = Pick<Deps, 'store'>;

/** A call of a component, as far as connections are concerned. */
export interface ConnectionUse {
  /** Of the run. */
  configVars: Record<string, unknown>;
  /** Of the step; the connections among them were used. */
  inputs: Record<string, unknown>;
}

/** A token that is younger is not to blame when a component cannot work with its connection. */
const YOUNG_MS = 60_000;

/**
 * Marks the connections of a call whose component threw a connection error: ERROR, with the reason, until a call
 * with them goes well. `configVarKey` names the one that the component spoke of, where that is known. An older OAuth
 * token is refreshed before its next use, as the provider may have withdrawn it.
 */
export async function markConnectionError(
  deps: UseDeps,
  use: ConnectionUse,
  { reason, configVarKey }: { reason: string; configVarKey?: string | undefined },
): Promise<void> {
  const at = new Date();
  for (const connection of blamed(use, configVarKey)) {
    const { id, owner, configVarStableKey, fieldsKey } = connection.subject;
    const useFault = { reason: plain(reason), at, fieldsKey };
    const { connections } = deps.store;
    await connections.updateOne(
      { _id: id, refreshAt: { $gt: at }, obtainedAt: { $lt: new Date(at.getTime() - YOUNG_MS) } },
      { $set: { refreshAt: at } },
    );
    connection.state = await connections
      .findOneAndUpdate(
        { _id: id },
        {
          $set: { useFault, updatedAt: at },
          $setOnInsert: { ...ownerFields(owner), configVarStableKey, createdAt: at },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<ConnectionState>();
  }
}

/** Takes the mark of {@link markConnectionError} back: a call with these connections went well. */
export async function markConnectionUsed(deps: UseDeps, use: ConnectionUse): Promise<void> {
  for (const connection of used(use)) {
    const { state } = connection;
    if (!state?.useFault) continue;
    connection.state = { ...state, useFault: null };
    await deps.store.connections.updateOne(
      { _id: connection.subject.id, 'useFault.at': state.useFault.at },
      { $set: { useFault: null, updatedAt: new Date() } },
    );
  }
}

/** Those among the inputs; a code step names none, so there an only connection is it. */
function blamed(use: ConnectionUse, configVarKey: string | undefined): LiveConnection[] {
  const all = connectionsOf(use.configVars);
  if (configVarKey !== undefined) return all.filter(({ value }) => value.configVarKey === configVarKey);
  const given = used(use);
  return given.length > 0 || all.length > 1 ? given : all;
}

function used({ configVars, inputs }: ConnectionUse): LiveConnection[] {
  const all = connectionsOf(configVars);
  if (all.length === 0) return [];
  const values = Object.values(inputs);
  return all.filter(({ value }) => values.includes(value));
}
