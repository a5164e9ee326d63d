import { readEnv } from '../../../src/config/env';
import { resolveConfig } from '../../../src/services/instances/resolve-config';
import { createSealer } from '../../../src/store/sealer';
import { openStore } from '../../../src/store/store';

/**
 * A process that resolves the configuration of runs, as workers do: told a revision and how often, it does so as
 * often at once, and answers the access tokens of the connection `CRM`, or of the one that the first argument names.
 */
async function main(): Promise<void> {
  const env = readEnv();
  const store = await openStore(env.TENON_MONGODB_URI.reveal());
  const deps = { env, store, sealer: createSealer(env.TENON_ENCRYPTION_KEYS.reveal()) };
  process.on('message', ({ revision, times }: { revision: string; times: number }) => {
    void Promise.all(Array.from({ length: times }, () => resolveConfig(deps, revision))).then((all) => {
      const tokens = all.map(
        (one) => (one[process.argv[2] ?? 'CRM'] as { token?: { access_token: string } }).token?.access_token,
      );
      process.send?.({ tokens });
    });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}

void main();
