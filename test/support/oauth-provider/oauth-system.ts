import { listConfigVariables } from '../../../src/services/instances/list-config-variables';
import { updateInstance } from '../../../src/services/instances/update-instance';
import { type System, type SystemOptions, startSystem } from '../system';
import { Browser, grantAccess } from './browser';
import { publishCrm, valuesOf } from './crm';
import { type OauthProvider, startOauthProvider } from './start';

/** A system whose organization has the component `crm`, and a provider that knows its clients. */
export interface OauthSystem {
  system: System;
  provider: OauthProvider;
  stop(): Promise<void>;
}

export async function startOauthSystem(options?: SystemOptions): Promise<OauthSystem> {
  const system = await startSystem(options);
  const provider = await startOauthProvider(`${system.apiUrl}/oauth2/callback`);
  await publishCrm(system.deps.store, system.ctx);
  return {
    system,
    provider,
    async stop() {
      provider.stop();
      await system.stop();
    },
  };
}

/** The first config variable of an instance, as the owner sees it. */
export async function viewOfFirst({ deps, ctx }: System, instanceId: string) {
  const [view] = await listConfigVariables(deps, ctx, { instanceId });
  return view!;
}

/** Grants the access that the first config variable of an instance asks for. */
export async function grantFirst(system: System, instanceId: string): Promise<void> {
  const { authorizeUrl } = await viewOfFirst(system, instanceId);
  const end = await grantAccess(new Browser(), authorizeUrl ?? '');
  expect(end.status).toBe(200);
}

/** Sets fields of a connection on the draft of an instance. */
export const setFields = (
  { deps, ctx }: System,
  id: string,
  key: string,
  fields: Record<string, string>,
): ReturnType<typeof updateInstance> =>
  updateInstance(deps, ctx, { id, configVariablePatch: [{ key, values: valuesOf(fields) }] });
