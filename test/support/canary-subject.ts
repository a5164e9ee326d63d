import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { updateInstance } from '../../src/services/instances/update-instance';
import { createAgentToken } from '../../src/services/on-premise/create-agent-token';
import { getOnPremiseResource } from '../../src/services/on-premise/find-resource';
import { statusOf } from '../../src/services/on-premise/resource-status';
import { canaryDefinition } from './canary-definition';
import { publishCanary } from './canary-package';
import { type CanaryProcess, startCanaryAgent } from './canary-processes';
import { type Data, type Secrets, signatureOf } from './canary-slots';
import { aTemplate } from './connection-template';
import { aDeployedInstance, type DeployedInstance } from './deployed-instance';
import { publishCrm, valuesOf } from './oauth-provider/crm';
import type { OauthProvider } from './oauth-provider/start';
import { publishLocalService } from './on-premise';
import type { Services } from './services';
import { aShared } from './shared-connection';
import { until } from './until';

/** Where the subject's third parties are, and by what the API is reached. */
export interface Surroundings {
  apiUrl: string;
  accessToken: string;
  /** Of the echo server, which is also the service behind the on-premise agent. */
  target: string;
  provider: OauthProvider;
}

/** An agent that is connected, and the id of its resource. */
export async function aConnectedAgent(
  { deps, ctx }: Services,
  { apiUrl, target }: Surroundings,
  secrets: Secrets,
): Promise<{ agent: CanaryProcess; resourceId: string }> {
  const { jwt, resource } = await createAgentToken(deps, ctx, { orgOnly: true, name: 'Cellar' });
  secrets.agentToken = signatureOf(jwt);
  const agent = startCanaryAgent(apiUrl, jwt, Number(new URL(target).port));
  const { _id: id } = resource;
  await until(
    'the agent',
    async () => statusOf(await getOnPremiseResource(deps, ctx, { id })) === 'AVAILABLE',
  );
  return { agent, resourceId: id };
}

/** A deployed instance with a secret in every slot of its configuration. */
export async function aSubject(
  services: Services,
  around: Surroundings,
  resourceId: string,
  { secrets, data }: { secrets: Secrets; data: Data },
): Promise<DeployedInstance> {
  const { deps, ctx } = services;
  await publishCrm(deps.store, ctx);
  await publishLocalService(around);
  await publishCanary(around, secrets);
  const oauth = around.provider.fieldsOf('post');
  secrets.clientSecret = oauth['clientSecret']!;
  const ofShared = { apiKey: secrets.shared, headerKey: 'X-Shared', authScheme: '' };
  await aShared(services, { stableKey: 'canary', fields: ofShared });
  const ofPreset = { apiKey: secrets.preset, headerKey: 'X-Preset', authScheme: '' };
  const { name: template } = await aTemplate(services, { fields: ofPreset });
  const subject = await aDeployedInstance(deps, ctx, {
    definition: canaryDefinition(secrets.organizationKey, template),
    configVariables: [
      { key: 'Target', value: around.target },
      { key: 'Marker', value: data.marker },
      { key: 'API Secret', value: secrets.configVar },
      { key: 'Source Secret', value: secrets.dataSourceInput },
      { key: 'Basic', values: valuesOf({ username: 'shop-user', password: secrets.password }) },
      { key: 'Key', values: valuesOf({ apiKey: secrets.apiKey, headerKey: 'X-Key' }) },
      { key: 'Bearer', values: valuesOf({ token: secrets.token }) },
      { key: 'OAuth', values: valuesOf(oauth) },
      { key: 'Pending OAuth', values: valuesOf(oauth) },
      {
        key: 'Service',
        values: valuesOf({ secret: secrets.onPremise }),
        onPremiseResourceId: resourceId,
      } as never,
    ],
    force: true,
  });
  const flows = await listFlowConfigs(deps, ctx, { instanceId: subject.instanceId });
  await updateInstance(deps, ctx, {
    id: subject.instanceId,
    flowConfigs: flows.map(({ flowId }) => ({ flowId, apiKeys: [secrets.endpointKey] })),
  });
  return subject;
}
