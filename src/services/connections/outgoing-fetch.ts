import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Env } from '../../config/env';
import { networkRules } from '../../config/network';
import { ownServerAddresses } from '../../config/own-servers';
import { createGuardedFetch } from '../../net/guarded-fetch';
import { onePer } from '../one-per';

/**
 * Sends the requests to OAuth providers. Tenants choose their addresses, and these processes stand in the
 * operator's network: private addresses and our own servers are out of reach, as for component code.
 */
export const outgoingFetchOf = onePer<Env, typeof fetch>((env) =>
  createGuardedFetch({
    rules: networkRules(env),
    denied: ownServerAddresses(env),
    // Those that are given take the place of the public ones, so they are given together.
    ...(env.TENON_CA_FILE !== undefined && {
      ca: [...rootCertificates, readFileSync(env.TENON_CA_FILE, 'utf8')].join('\n'),
    }),
  }),
);
