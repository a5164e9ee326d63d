import type { PlanConnection } from '../../engine/plan';
import type { ConnectionState } from '../../store/models/connection.model';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import { mayWriteInstance } from '../authorize';
import { type ConnectionStatus, connectionStatus } from '../connections/connection-status';
import { connectionSubject } from '../connections/connection-subject';
import { consentUrl } from '../connections/consent/ticket';
import type { Deps, RequestContext } from '../context';
import { emptyFields } from '../instances/config/find-missing';
import { viewField } from '../instances/config/view-variables';
import { keptFromCustomers } from './kept-from-customers';
import { sharedValues, variableOf } from './shared-variable';

/** How one set of values stands. */
export interface ValuesView {
  /** What is set, or counts without it; secret fields are masked. */
  inputs: { name: string; value: string }[];
  /** Null for a shared connection that stands with each customer. */
  status: ConnectionStatus | null;
  statusReason: string | null;
  /** Where a person grants access; null where there is nothing to grant, or to somebody who may only read. */
  authorizeUrl: string | null;
  refreshAt: Date | null;
  lastSuccessfulRefreshAt: Date | null;
}

export type SharedConnectionView = ValuesView &
  Omit<SharedConnection, 'connection' | 'sealedInputs'> & { connection: PlanConnection };

export type CustomerConnectionView = ValuesView &
  Omit<CustomerConnection, 'sealedInputs'> & { shared: SharedConnection };

type ViewDeps = Pick<Deps, 'store' | 'sealer' | 'env'>;

/** Shared connections as readers see them. Users of a customer do not see what the organization filled in. */
export async function viewSharedConnections(
  deps: ViewDeps,
  ctx: RequestContext,
  all: SharedConnection[],
): Promise<SharedConnectionView[]> {
  const values = await viewValues(
    deps,
    ctx,
    all.map((shared) => ({ shared, own: null })),
  );
  return all.map((shared, at) => {
    const { connection: _json, sealedInputs: _sealed, ...rest } = shared;
    return { ...rest, connection: variableOf(shared).connection, ...(values[at] as ValuesView) };
  });
}

/** Customers' values as readers see them; those whose shared connection is gone meanwhile are left out. */
export async function viewCustomerConnections(
  deps: ViewDeps,
  ctx: RequestContext,
  all: CustomerConnection[],
): Promise<CustomerConnectionView[]> {
  const found = await deps.store.sharedConnections
    .find({ _id: { $in: all.map((own) => own.sharedConnectionId) } })
    .lean<SharedConnection[]>();
  const pairs = all.flatMap((own) => {
    const shared = found.find(({ _id }) => _id === own.sharedConnectionId);
    return shared ? [{ shared, own }] : [];
  });
  const values = await viewValues(deps, ctx, pairs);
  return pairs.map(({ shared, own: { sealedInputs: _sealed, ...own } }, at) => ({
    ...own,
    shared,
    ...(values[at] as ValuesView),
  }));
}

interface Pair {
  shared: SharedConnection;
  own: CustomerConnection | null;
}

async function viewValues(deps: ViewDeps, ctx: RequestContext, pairs: Pair[]): Promise<ValuesView[]> {
  const opened = pairs.map(({ shared, own }) => {
    const configVar = variableOf(shared);
    const open = sharedValues(deps.sealer, shared, own);
    const subject = connectionSubject(deps, { sharedId: open.shared.id }, configVar, open);
    return { shared, own, configVar, open, subject };
  });
  const ids = opened.flatMap(({ subject }) => subject?.id ?? []);
  const states = await deps.store.connections.find({ _id: { $in: ids } }).lean<ConnectionState[]>();
  return opened.map(({ shared, own, configVar, open, subject }) => {
    const kept = keptFromCustomers(ctx, shared);
    const inputs = configVar.connection.fields
      .filter(({ key }) => !kept.has(key))
      .map((field) => viewField(field, open.fields.get(field.key)));
    const none = { statusReason: null, authorizeUrl: null, refreshAt: null, lastSuccessfulRefreshAt: null };
    // Without a customer there is nothing that could be active.
    if (!subject || (!own && shared.variableScope === 'customer')) return { inputs, status: null, ...none };
    const state = states.find(({ _id }) => _id === subject.id) ?? null;
    const { status, reason } = connectionStatus(subject, state, emptyFields(configVar, open));
    const mayGrant = mayWriteInstance(ctx, { customerId: own?.customerId ?? null });
    const target = { owner: subject.owner, stableKey: shared.stableKey };
    const isGranted = subject.settings?.type === 'authorization_code' && mayGrant;
    return {
      inputs,
      status,
      statusReason: reason,
      authorizeUrl: isGranted ? consentUrl(deps.env, target) : null,
      refreshAt: state?.refreshAt ?? null,
      lastSuccessfulRefreshAt: state?.refreshedAt ?? null,
    };
  });
}
