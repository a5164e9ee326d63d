/** Lower-case names. */
const RESERVED = new Set([
  'alt-svc',
  'clear-site-data',
  'connection',
  'content-encoding',
  'content-length',
  'content-security-policy',
  'content-type',
  'date',
  'keep-alive',
  'nel',
  'prismatic-executionid',
  'proxy-authenticate',
  'proxy-connection',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-content-type-options',
  'x-frame-options',
  'x-request-id',
]);

/** Whether a header of an answer belongs to the connection or to the server's own door, so that a flow cannot set it. */
export const isReservedHeader = (name: string): boolean => RESERVED.has(name.toLowerCase());

/** Whether a header says the content type, which an answer keeps on its own. */
export const isContentTypeHeader = (name: string): boolean => name.toLowerCase() === 'content-type';
