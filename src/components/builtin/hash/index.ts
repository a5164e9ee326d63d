import { action, component } from '@prismatic-io/spectral';
import { ALGORITHMS, hashOf, hmacOf } from './algorithms';
import { hmacWebhookTrigger } from './hmac-webhook-trigger';
import { functionInput, message, secretKey } from './inputs';

const ofAlgorithm = (name: string) =>
  action({
    display: { label: `Compute ${name} Hash`, description: `The ${name} hash of a message, in hexadecimal.` },
    inputs: { message },
    perform: async (_context, { message: given }) => ({ data: hashOf(name, given) }),
  });

/** `computeSha256`: the name behind its first letter in lower case, hyphens kept. */
const keyOf = (name: string): string =>
  `compute${name.charAt(0).toUpperCase()}${name.slice(1).toLowerCase()}`;

const computeHash = action({
  display: { label: 'Compute Hash', description: 'The hash of a message, in hexadecimal.' },
  inputs: { hashFunction: functionInput('Hash Function'), message },
  perform: async (_context, { hashFunction, message: given }) => ({ data: hashOf(hashFunction, given) }),
});

const computeHmac = action({
  display: { label: 'Compute HMAC Hash', description: 'The keyed hash of a message, in hexadecimal.' },
  inputs: { hashFunction: functionInput('Hash Function'), secretKey, message },
  perform: async (_context, { hashFunction, secretKey: secret, message: given }) => ({
    data: hmacOf(hashFunction, secret, given).toString('hex'),
  }),
});

export default component({
  key: 'hash',
  display: { label: 'Hash', description: 'Computes and checks hashes.', category: 'Helpers', iconPath: '' },
  triggers: { hmacWebhookTrigger },
  actions: {
    ...Object.fromEntries(ALGORITHMS.map((name) => [keyOf(name), ofAlgorithm(name)])),
    computeHash,
    computeHmac,
  },
});
