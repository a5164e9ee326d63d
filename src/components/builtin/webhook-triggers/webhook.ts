import { input, trigger, util } from '@prismatic-io/spectral';
import { cleanCount, cleanPairs, cleanText } from '../clean-input';

/** What a trigger of webhooks may be given for its answer. */
export const responseInputs = {
  statusCode: input({
    label: 'Response Status Code',
    type: 'string',
    comments: 'Status of the answer to an asynchronous call; 200 when empty.',
    example: '202',
    clean: cleanCount('Response Status Code'),
  }),
  contentType: input({
    label: 'Response Content Type',
    type: 'string',
    comments: 'Content type of the answer.',
    example: 'application/json',
    clean: cleanText,
  }),
  headers: input({
    label: 'Additional Response Headers',
    type: 'string',
    collection: 'keyvaluelist',
    comments: 'Further headers of the answer.',
    clean: cleanPairs,
  }),
  body: input({
    label: 'Response Body',
    type: 'text',
    comments: 'Body of the answer; the execution id when empty.',
    clean: cleanText,
  }),
};

interface ResponseValues {
  statusCode: number | undefined;
  contentType: string;
  headers: Record<string, string>;
  body: string;
}

/** The answer that those inputs ask for; nothing when none of them is set. */
export function responseOf({ statusCode, contentType, headers, body }: ResponseValues) {
  const isSet =
    statusCode !== undefined || contentType !== '' || body !== '' || Object.keys(headers).length > 0;
  if (!isSet) return {};
  const isJson = body === '' || util.types.isJSON(body);
  return {
    response: {
      statusCode: statusCode ?? 200,
      contentType: contentType || (isJson ? 'application/json' : 'text/plain'),
      headers,
      ...(body === '' ? {} : { body }),
    },
  };
}

/** Starts a flow by an HTTP call; answers with the execution id unless an answer of its own is set. */
export const webhook = trigger({
  display: { label: 'Webhook', description: 'Starts the flow when its URL is called.' },
  inputs: responseInputs,
  scheduleSupport: 'invalid',
  synchronousResponseSupport: 'valid',
  perform: async (_context, payload, values) => ({ payload, ...responseOf(values) }),
});
