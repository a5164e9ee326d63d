import mongoose, { type Connection } from 'mongoose';
import { type BlobStore, createBlobStore } from './blobs';
import { componentNameModel } from './models/component-name.model';
import { componentVersionModel } from './models/component-version.model';
import { configRevisionModel } from './models/config-revision.model';
import { connectionModel } from './models/connection.model';
import { connectionTemplateModel } from './models/connection-template.model';
import { consentModel } from './models/consent.model';
import { customerModel } from './models/customer.model';
import { customerConnectionModel } from './models/customer-connection.model';
import { dataSourceCallModel } from './models/data-source-call.model';
import { executionModel } from './models/execution.model';
import { flowConfigModel } from './models/flow-config.model';
import { instanceModel } from './models/instance.model';
import { instanceProfileModel } from './models/instance-profile.model';
import { integrationModel } from './models/integration.model';
import { integrationVersionModel } from './models/integration-version.model';
import { FORMER_LOG_INDEX, logModel } from './models/log.model';
import { mediaModel } from './models/media.model';
import { onPremiseResourceModel } from './models/on-premise-resource.model';
import { organizationModel } from './models/organization.model';
import { planModel } from './models/plan.model';
import { removedInstanceModel } from './models/removed-instance.model';
import { sharedConnectionModel } from './models/shared-connection.model';
import { stateModel } from './models/state.model';
import { stepResultModel } from './models/step-result.model';
import { userModel } from './models/user.model';
import { formerUserValuesModel, userConfigModel } from './models/user-config.model';

/** Every collection, over one connection. */
export interface Store {
  connection: Connection;
  organizations: ReturnType<typeof organizationModel>;
  users: ReturnType<typeof userModel>;
  customers: ReturnType<typeof customerModel>;
  componentNames: ReturnType<typeof componentNameModel>;
  componentVersions: ReturnType<typeof componentVersionModel>;
  integrations: ReturnType<typeof integrationModel>;
  integrationVersions: ReturnType<typeof integrationVersionModel>;
  plans: ReturnType<typeof planModel>;
  instances: ReturnType<typeof instanceModel>;
  instanceProfiles: ReturnType<typeof instanceProfileModel>;
  userConfigs: ReturnType<typeof userConfigModel>;
  formerUserValues: ReturnType<typeof formerUserValuesModel>;
  configRevisions: ReturnType<typeof configRevisionModel>;
  connections: ReturnType<typeof connectionModel>;
  consents: ReturnType<typeof consentModel>;
  connectionTemplates: ReturnType<typeof connectionTemplateModel>;
  sharedConnections: ReturnType<typeof sharedConnectionModel>;
  customerConnections: ReturnType<typeof customerConnectionModel>;
  onPremiseResources: ReturnType<typeof onPremiseResourceModel>;
  dataSourceCalls: ReturnType<typeof dataSourceCallModel>;
  flowConfigs: ReturnType<typeof flowConfigModel>;
  removedInstances: ReturnType<typeof removedInstanceModel>;
  executions: ReturnType<typeof executionModel>;
  stepResults: ReturnType<typeof stepResultModel>;
  states: ReturnType<typeof stateModel>;
  logs: ReturnType<typeof logModel>;
  media: ReturnType<typeof mediaModel>;
  blobs: BlobStore;
  /** Creates the indexes; harmless when they are there. */
  ensureIndexes(): Promise<void>;
  /** Answers whether MongoDB can be written to now, within `timeoutMs`. */
  ping(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Connects to MongoDB. Operations fail within about 1.5 s while it is away, so that a door can say so; the
 * driver reconnects by itself. Writes are acknowledged by the majority and journaled.
 */
export async function openStore(uri: string, options: { poolSize?: number } = {}): Promise<Store> {
  const connection = mongoose.createConnection(uri, {
    serverSelectionTimeoutMS: 1500,
    connectTimeoutMS: 1500,
    maxPoolSize: options.poolSize ?? 50,
    writeConcern: { w: 'majority', journal: true },
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    promoteBuffers: true,
  });
  await connection.asPromise();
  return createStore(connection);
}

function createStore(connection: Connection): Store {
  const models = {
    organizations: organizationModel(connection),
    users: userModel(connection),
    customers: customerModel(connection),
    componentNames: componentNameModel(connection),
    componentVersions: componentVersionModel(connection),
    integrations: integrationModel(connection),
    integrationVersions: integrationVersionModel(connection),
    plans: planModel(connection),
    instances: instanceModel(connection),
    instanceProfiles: instanceProfileModel(connection),
    userConfigs: userConfigModel(connection),
    formerUserValues: formerUserValuesModel(connection),
    configRevisions: configRevisionModel(connection),
    connections: connectionModel(connection),
    consents: consentModel(connection),
    connectionTemplates: connectionTemplateModel(connection),
    sharedConnections: sharedConnectionModel(connection),
    customerConnections: customerConnectionModel(connection),
    onPremiseResources: onPremiseResourceModel(connection),
    dataSourceCalls: dataSourceCallModel(connection),
    flowConfigs: flowConfigModel(connection),
    removedInstances: removedInstanceModel(connection),
    executions: executionModel(connection),
    stepResults: stepResultModel(connection),
    states: stateModel(connection),
    logs: logModel(connection),
    media: mediaModel(connection),
  };
  const blobs = createBlobStore(connection);
  return {
    connection,
    ...models,
    blobs,
    async ensureIndexes() {
      for (const model of Object.values(models)) await model.createIndexes();
      await models.logs.collection.dropIndex(FORMER_LOG_INDEX).catch(() => undefined);
      await blobs.ensureIndexes();
    },
    async ping(timeoutMs) {
      try {
        const hello = await connection.db
          ?.admin()
          .command({ hello: 1, maxTimeMS: timeoutMs }, { timeoutMS: timeoutMs });
        return hello?.['isWritablePrimary'] === true;
      } catch {
        return false;
      }
    },
    close: () => connection.close(),
  };
}
