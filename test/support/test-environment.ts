import { randomBytes, randomUUID } from 'node:crypto';

/** The environment of a test system: a fresh database and task queue on the run's servers. */
export function testEnvironment(overrides: Record<string, string> = {}): Record<string, string> {
  const uri = process.env['TENON_TEST_MONGODB_URI'];
  const temporal = process.env['TENON_TEST_TEMPORAL_ADDRESS'];
  if (!uri || !temporal)
    throw new Error('The test servers are not running; start the tests with `npm test`.');
  const name = `t${randomUUID().slice(0, 8)}`;
  const mongodb = new URL(uri);
  mongodb.pathname = `/${name}`;
  if (mongodb.username)
    mongodb.searchParams.set('authSource', mongodb.searchParams.get('authSource') ?? 'admin');
  return {
    TENON_PORT: '3000',
    TENON_MONGODB_URI: mongodb.href,
    TENON_TEMPORAL_ADDRESS: temporal,
    TENON_TASK_QUEUE: name,
    TENON_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    TENON_JWT_SECRET: randomBytes(32).toString('hex'),
    TENON_RUNNERS: '1',
    // The services that tests call stand on this machine.
    TENON_ALLOW_ADDRESSES: 'loopback',
    TENON_LOG_LEVEL: 'error',
    ...overrides,
  };
}
