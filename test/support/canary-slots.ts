import { randomBytes } from 'node:crypto';

/** Text that nothing else has; the signs make encodings differ, the letters in front are whole in all of them. */
export const aCanary = (slot: string): string => `${slot}${randomBytes(9).toString('hex')}"&+/=`;

/**
 * A secret of its own for each place that holds one, so that a hit names the place. Those that are empty are made
 * by the system itself, or by a provider, and put in once they are known.
 */
export const newSecrets = () => ({
  // Fields of connections, by kind of connection.
  password: aCanary('pw'),
  apiKey: aCanary('ak'),
  token: aCanary('tk'),
  clientSecret: '',
  shared: aCanary('sh'),
  customerShared: aCanary('cs'),
  preset: aCanary('pr'),
  onPremise: aCanary('op'),
  userConnection: aCanary('uc'),
  // Config variables.
  configVar: aCanary('cv'),
  userVar: aCanary('uv'),
  // What a data source is asked with, and what it answers.
  dataSourceInput: aCanary('di'),
  dataSourceAnswer: '',
  // Keys of flows.
  endpointKey: aCanary('ek'),
  organizationKey: aCanary('ok'),
  // Of an OAuth connection, as its provider made them.
  oauthAccessToken: '',
  oauthRefreshToken: '',
  authorizationCode: '',
  // Of a consent that somebody is about to give.
  consentLink: '',
  consentState: '',
  consentVerifier: '',
  consentCookie: '',
  // What opens our own doors: signatures, without which the rest of a token is of no use.
  accessToken: '',
  agentToken: '',
  uploadLink: '',
  // Of the environment.
  proxyPassword: aCanary('pp'),
  mongodbPassword: randomBytes(12).toString('hex'),
  jwtSecret: randomBytes(32).toString('hex'),
  encryptionKey: randomBytes(32).toString('base64'),
});

export type Secrets = ReturnType<typeof newSecrets>;
export type Slot = keyof Secrets;

/** What anybody may read who may read the execution; some of it a search must find, or it finds nothing at all. */
export const newData = () => ({
  marker: aCanary('mk'),
  body: aCanary('bd'),
  header: aCanary('hd'),
  authorization: aCanary('au'),
  query: aCanary('qu'),
});

export type Data = ReturnType<typeof newData>;

/** The last part of a signed token or address. */
export const signatureOf = (token: string): string => token.split('.').at(-1)!;
