import { readFileSync, writeFileSync } from 'node:fs';
import { bootstrapOwner, type FirstOwner } from '../../admin/bootstrap-owner';
import type { DataFolder } from '../data-folder/data-folder';
import { choosePorts } from '../data-folder/ports';
import { DevError } from '../dev-error';
import { type Progress, withTask } from '../progress';
import { type ApiClient, createApiClient } from './api-client';
import { type FulfilmentService, startFulfilmentService } from './fulfilment-service';
import { runSample, type SampleRun } from './run-sample';
import { type Demo, type FulfilmentAccess, moveFulfilment, seedDemo } from './seed';

/** The organization of the demonstration. */
const OWNER: FirstOwner = {
  organizationName: 'Acme',
  ownerEmail: 'owner@acme.example',
  ownerName: 'Olivia Owner',
};

export interface DemoRequest {
  apiUrl: string;
  /** Environment of the API process. */
  appEnv: NodeJS.ProcessEnv;
  /** Folder of the definitions to import. */
  definitions: string;
  folder: DataFolder;
  fulfilmentKey: string;
  progress: Progress;
  signal: AbortSignal;
  /** Told of the service that must be stopped later. */
  onService: (service: FulfilmentService) => void;
}

/** A run of the sample with what is needed to start another. */
export interface DemoRun extends SampleRun {
  webhookUrl: string;
  accessToken: string;
  customerName: string;
  flowName: string;
}

const FLOW = 'Order received';

/** Starts the fulfilment service, seeds on the first start, and runs the sample integration once. */
export async function runDemo(request: DemoRequest): Promise<DemoRun> {
  const { folder, progress, signal } = request;
  const ports = await choosePorts(folder.ports, [
    { name: 'fulfilment', label: 'the fulfilment service', variable: 'TENON_FULFILMENT_PORT' },
  ]);
  const service = await startFulfilmentService(ports.get('fulfilment') ?? 0, request.fulfilmentKey);
  request.onService(service);
  const { accessToken } = await bootstrapOwner(request.appEnv, OWNER);
  const api = createApiClient(request.apiUrl, accessToken, signal);
  const demo = await currentDemo(api, request, { url: service.url, key: request.fulfilmentKey });
  const webhookUrl = await findWebhook(api, demo);

  const run = await withTask(progress, 'Running the sample integration', () =>
    runSample(api, webhookUrl, signal),
  );
  return { ...run, webhookUrl, accessToken, customerName: demo.customerName, flowName: FLOW };
}

async function currentDemo(api: ApiClient, request: DemoRequest, access: FulfilmentAccess): Promise<Demo> {
  const { folder, definitions, progress } = request;
  let demo = readDemo(folder.demo);
  // The sample instance may have been deleted since; the sample is then made anew.
  if (demo !== undefined && !(await api.exists(`/instances/${demo.instanceId}`))) demo = undefined;
  if (demo?.fulfilmentUrl === access.url) return demo;
  if (demo === undefined) {
    demo = await withTask(progress, 'Creating Acme, its customers and integrations', () =>
      seedDemo(api, definitions, access),
    );
  } else {
    demo = await moveFulfilment(api, demo, access);
  }
  writeFileSync(folder.demo, `${JSON.stringify(demo, null, 2)}\n`);
  return demo;
}

async function findWebhook(api: ApiClient, demo: Demo): Promise<string> {
  const { items } = await api.get<{ items: { name: string; webhookUrl: string }[] }>(
    `/instances/${demo.instanceId}/flows`,
  );
  const flow = items.find((item) => item.name === FLOW);
  if (flow === undefined) throw new DevError(`The sample instance has no flow named "${FLOW}" any more.`);
  return flow.webhookUrl;
}

function readDemo(file: string): Demo | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Demo;
  } catch {
    return undefined;
  }
}
