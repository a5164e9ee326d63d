import type { Data, Slot } from './canary-slots';
import type { CanaryWorld } from './canary-world';

/** Secrets that lie readable somewhere: their author wrote them into the definition, which is kept as it was written. */
export const READABLE: Partial<Record<Slot, RegExp>> = {
  organizationKey:
    /^(collection (integrations|integration_versions|plans)|oplog of mongodb|log mongodb.log):/,
};

/** Where secrets come to component code's hands, as it tells by itself. */
export const SPILLED = [
  'before a wait',
  'behind a wait',
  'called',
  'calling',
  'data source Offered',
  'data source Refused',
  'deploy',
  'deployed',
  'failed deploy',
  'for the organization',
  'on-premise',
  'queued',
  'scheduled',
  'throw',
  'together',
  'tried again',
  'use',
  'user',
  'user fails',
  'welcome',
];

/** Secrets that no component code is given. */
export const NOT_GIVEN: Slot[] = [
  'dataSourceAnswer',
  'authorizationCode',
  'consentLink',
  'consentState',
  'consentVerifier',
  'consentCookie',
  'accessToken',
  'agentToken',
  'uploadLink',
  'proxyPassword',
  'mongodbPassword',
  'jwtSecret',
  'encryptionKey',
];

/** What is no secret and has to be found, at each kind of place; else nothing would be found there. */
export const controls = (
  { executionIds: [id = ''] }: CanaryWorld,
  data: Data,
): [text: string, where: RegExp][] => [
  [data.marker, /^collection step_results: plain/],
  [data.marker, /^collection logs: plain/],
  [data.marker, /^collection blobs.chunks: plain/],
  [data.marker, /^blob .*plain/],
  [data.marker, /^oplog of mongodb: plain/],
  [data.header, /^log mongodb.log: JSON/],
  [id, /^history .*decrypted: plain/],
  // Of these it is the workflow's id, or a search attribute.
  [id, /^history .*raw: plain/],
  [id, /^files of temporal: plain/],
  ['temporal-sys-scheduler:flow-schedule:', /^log temporal.log: plain/],
  ['the API is listening', /^output of api: plain/],
  ['the worker is running', /^output of worker: plain/],
  ['connected to http', /^output of agent: plain/],
  ['[redacted]', /^answer of a data source that fails: plain/],
  ['component_failed', /^answer of a deploy that fails: plain/],
];
