import { startTestServers } from './servers';

/** One mongod and one Temporal server for the whole run, unless the environment names running ones. */
export default async function globalSetup(): Promise<void> {
  if (process.env['TENON_TEST_MONGODB_URI'] && process.env['TENON_TEST_TEMPORAL_ADDRESS']) return;
  const servers = await startTestServers();
  process.env['TENON_TEST_MONGODB_URI'] = servers.mongodbUri('test');
  process.env['TENON_TEST_TEMPORAL_ADDRESS'] = servers.temporalAddress;
  (globalThis as { tenonTestServers?: typeof servers }).tenonTestServers = servers;
}
