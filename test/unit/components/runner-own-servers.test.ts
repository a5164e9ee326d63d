import { Secret } from '../../../src/config/env';
import { ownServerAddresses } from '../../../src/config/own-servers';
import { parseDenyList } from '../../../src/net/deny-list';

const NO_HEALTH = { TENON_WORKER_HOST: '127.0.0.1', TENON_WORKER_PORT: 0 };

const addresses = (mongodb: string, temporal = 'temporal:7233', ui?: string, health = NO_HEALTH) =>
  ownServerAddresses({
    ...health,
    TENON_MONGODB_URI: new Secret(mongodb),
    TENON_TEMPORAL_ADDRESS: temporal,
    TENON_TEMPORAL_UI_URL: ui,
  });

describe('the addresses of our own servers', () => {
  it.each([
    ['mongodb://user:p%40ss@a:1,b:2/tenon?replicaSet=rs', ['a:1', 'b:2']],
    ['mongodb://localhost/tenon', ['localhost:27017']],
    ['mongodb://[::1]/tenon', ['[::1]:27017']],
    ['mongodb://[fe80::2]:5/tenon', ['[fe80::2]:5']],
    ['mongodb://h?replicaSet=rs', ['h:27017']],
    ['mongodb+srv://user:pass@cluster.example.com/tenon', ['srv:cluster.example.com']],
    ['mongodb://%2Ftmp%2Fmongodb-27017.sock/tenon', ['/tmp/mongodb-27017.sock']],
  ])('hold all of %s', (uri, expected) => {
    expect(addresses(uri)).toEqual([...expected, 'temporal:7233']);
    expect(() => parseDenyList(addresses(uri))).not.toThrow();
  });

  it('hold Temporal and its Web UI', () => {
    expect(addresses('mongodb://h:1/d', '10.0.0.1', 'http://127.0.0.1:8233')).toEqual([
      'h:1',
      '10.0.0.1:7233',
      '127.0.0.1:8233',
    ]);
    expect(addresses('mongodb://h:1/d', 't:7', 'https://temporal.example.com/path').at(-1)).toBe(
      'name:temporal.example.com:443',
    );
  });

  it.each([
    ['127.0.0.1', '127.0.0.1:3100'],
    ['::', '[::]:3100'],
  ])('hold the health check of a worker at %s', (TENON_WORKER_HOST, expected) => {
    const all = addresses('mongodb://h:1/d', 't:7', undefined, {
      TENON_WORKER_HOST,
      TENON_WORKER_PORT: 3100,
    });
    expect(all).toEqual(['h:1', 't:7', expected]);
    expect(parseDenyList(all).ports.at(-1)).toMatchObject({ port: 3100 });
  });
});
