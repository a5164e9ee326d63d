import { timingSafeEqual } from 'node:crypto';
import { input, trigger } from '@prismatic-io/spectral';
import { cleanBytes } from '../bytes-input';
import { cleanText } from '../clean-input';
import { RefusedRequest } from '../refused-request';
import { responseInputs, responseOf } from '../webhook-triggers/webhook';
import { hmacOf } from './algorithms';
import { functionInput, secretKey } from './inputs';

/** The bytes that a header may mean: hexadecimal or Base64, bare or behind `sha256=`. */
function signaturesIn(header: string): Buffer[] {
  const bare = header.trim().replace(/^[a-z]+[a-z0-9-]*=(?=.)/i, '');
  return [header.trim(), bare].flatMap((text) => [Buffer.from(text, 'hex'), Buffer.from(text, 'base64')]);
}

function headerOf(headers: Record<string, unknown>, wanted: string): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === wanted.toLowerCase());
  return name === undefined ? undefined : cleanText(headers[name]);
}

/** Starts a flow by an HTTP call whose body is signed; any other is refused with 401: an error of the trigger, and no step runs. */
export const hmacWebhookTrigger = trigger({
  display: {
    label: 'HMAC Webhook Trigger',
    description: 'Starts the flow when its URL is called with a body that is signed with a shared secret.',
  },
  inputs: {
    ...responseInputs,
    hmacHeaderName: input({
      label: 'HMAC Header Name',
      type: 'string',
      required: true,
      comments: 'The header that holds the signature, in hexadecimal or Base64.',
      example: 'X-Hub-Signature-256',
      clean: (value: unknown) => cleanText(value).trim(),
    }),
    secretKey,
    hmacHashFunction: functionInput('HMAC Hash Function'),
  },
  scheduleSupport: 'invalid',
  synchronousResponseSupport: 'valid',
  perform: async (_context, payload, { hmacHeaderName, secretKey: secret, hmacHashFunction, ...answer }) => {
    const expected = hmacOf(hmacHashFunction, secret, cleanBytes(payload.rawBody));
    const header = headerOf(payload.headers, hmacHeaderName);
    if (header === undefined)
      throw new RefusedRequest(401, `The request has no signature: header "${hmacHeaderName}" is missing.`);
    const isSigned = signaturesIn(header).some(
      (given) => given.length === expected.length && timingSafeEqual(given, expected),
    );
    if (!isSigned)
      throw new RefusedRequest(
        401,
        `The signature in header "${hmacHeaderName}" does not belong to this body.`,
      );
    return { payload, ...responseOf(answer) };
  },
});
