import { input, util } from '@prismatic-io/spectral';
import { cleanCount, cleanPairs, cleanText } from '../clean-input';

export const RESPONSE_TYPES = ['json', 'text', 'binary'] as const;
export type ResponseType = (typeof RESPONSE_TYPES)[number];

function cleanResponseType(value: unknown): ResponseType {
  const text = cleanText(value) || 'json';
  const type = text === 'arraybuffer' ? 'binary' : RESPONSE_TYPES.find((name) => name === text);
  if (type === undefined) throw new Error(`Response Type must be json, text or binary, got "${text}".`);
  return type;
}

const flag = (label: string, comments: string) =>
  input({
    label,
    type: 'boolean',
    default: 'false',
    comments,
    clean: (value: unknown) => util.types.toBool(value),
  });

const count = (label: string, initial: string, comments: string) =>
  input({ label, type: 'string', default: initial, comments, clean: cleanCount(label) });

const pairs = (label: string, comments: string) =>
  input({ label, type: 'string', collection: 'keyvaluelist', comments, clean: cleanPairs });

/** Inputs of every HTTP action. */
export const requestInputs = {
  connection: input({
    label: 'Connection',
    type: 'connection',
    comments: 'Adds credentials to the request.',
  }),
  url: input({
    label: 'URL',
    type: 'string',
    required: true,
    comments: 'The whole URL to call.',
    example: 'https://api.example.com/orders',
    clean: (value: unknown) => cleanText(value).trim(),
  }),
  responseType: input({
    label: 'Response Type',
    type: 'string',
    default: 'json',
    model: RESPONSE_TYPES.map((type) => ({ label: type, value: type })),
    comments: 'How to read the body of the answer.',
    clean: cleanResponseType,
  }),
  headers: pairs('Header', 'Headers of the request.'),
  queryParams: pairs('Query Parameter', 'Added to the URL behind the question mark.'),
  timeout: count('Timeout', '', 'Milliseconds to wait for the answer of one try; no limit when empty.'),
  maxRetries: count(
    'Max Retry Count',
    '0',
    'Further tries after a network error or a status of 500 and above.',
  ),
  retryDelayMS: count('Retry Delay (ms)', '0', 'Milliseconds between tries.'),
  useExponentialBackoff: flag(
    'Use Exponential Backoff',
    'Waits longer before each further try, whatever the delay.',
  ),
  retryOnAllErrors: flag(
    'Retry On All Errors',
    'Also tries again after a status of 300 to 499, such as 429.',
  ),
  includeFullResponse: flag('Include Full Response', 'Gives status and headers beside the body.'),
  debugRequest: flag('Debug Request', 'Logs request and answer without their credentials.'),
  ignoreSslErrors: flag(
    'Ignore SSL Errors',
    'Accepts any certificate. For tests only: it makes TLS worthless.',
  ),
  maxRedirects: count('Max Redirects', '5', 'Redirects to follow.'),
};

/** The body of a request. */
export const data = input({
  label: 'Data',
  type: 'data',
  comments: 'Text, an object (sent as JSON), or bytes of an earlier step.',
  example: '{"exampleKey": "Example Data"}',
});

/** Inputs of a multipart form. */
export const formInputs = {
  formData: pairs('Form Data', 'Fields of the form.'),
  fileData: input({
    label: 'File Data',
    type: 'data',
    collection: 'keyvaluelist',
    comments: 'Files of the form: name of the field and contents.',
    clean: (value: unknown) => (Array.isArray(value) ? (value as { key: string; value: unknown }[]) : []),
  }),
  fileDataFileNames: pairs('File Data File Names', 'File names, by the same keys as the file data.'),
};
