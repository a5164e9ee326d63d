import { randomBytes, randomUUID } from 'node:crypto';
import { type Env, readEnv } from '../../src/config/env';
import { syncBuiltinComponents } from '../../src/services/components/sync-builtin-components';
import type { Deps, RequestContext } from '../../src/services/context';
import { bootstrapOrganization } from '../../src/services/organizations/bootstrap-organization';
import type { Role, User } from '../../src/store/models/user.model';
import { createSealer } from '../../src/store/sealer';
import { openStore } from '../../src/store/store';
import { createTemporalGateway } from '../../src/temporal/client';
import { testEnvironment } from './test-environment';

/** The services alone, on the run's real MongoDB and Temporal, with a database of their own. */
export interface Services {
  deps: Deps;
  /** The owner of organization Acme. */
  ctx: RequestContext;
  owner: User;
  env: Env;
  stop(): Promise<void>;
}

export async function startServices(overrides: Record<string, string> = {}): Promise<Services> {
  const env = readEnv(testEnvironment(overrides));
  const store = await openStore(env.TENON_MONGODB_URI.reveal());
  const sealer = createSealer(env.TENON_ENCRYPTION_KEYS.reveal());
  const deps: Deps = { env, store, sealer, temporal: createTemporalGateway(env) };
  await store.ensureIndexes();
  await deps.temporal.prepare();
  await syncBuiltinComponents(deps);
  const { owner } = await bootstrapOrganization(deps, {
    organizationName: 'Acme',
    ownerEmail: 'owner@acme.test',
    ownerName: 'Olive Owner',
  });
  return {
    deps,
    ctx: contextOf(owner),
    owner,
    env,
    async stop() {
      await deps.temporal.close();
      await store.connection.dropDatabase();
      await store.close();
    },
  };
}

/** A request of that user. */
export function contextOf(user: User): RequestContext {
  const { _id: userId, organizationId, customerId, role } = user;
  return { actor: { userId, organizationId, customerId, role }, requestId: 'test' };
}

/** A stored user. */
export async function aUser(
  deps: Deps,
  organizationId: string,
  wanted: { role: Role; customerId?: string },
): Promise<User> {
  const id = randomUUID();
  const created = await deps.store.users.create({
    _id: id,
    organizationId,
    customerId: wanted.customerId ?? null,
    email: `${id}@users.test`,
    name: 'A user',
    role: wanted.role,
    createdAt: new Date(),
  });
  return created.toObject();
}

/** A fresh encryption key as the environment names it. */
export function aKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`;
}

/** The error that a call ends with; fails when it ends well. */
export async function errorOf(call: Promise<unknown>): Promise<{
  code: string;
  message: string;
  faults: { field: string; messages: string[] }[];
}> {
  try {
    await call;
  } catch (error) {
    return error as { code: string; message: string; faults: { field: string; messages: string[] }[] };
  }
  throw new Error('The call was expected to fail.');
}
