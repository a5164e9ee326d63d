import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DYNAMIC_CONFIG } from '../../../src/dev/servers/temporal-settings';

const root = join(__dirname, '..', '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image: string;
  restart: string;
  build?: string;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
}

const { services, volumes } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const all = Object.entries(services);
const dependencies = all.flatMap(([name, { depends_on = {} }]) =>
  Object.entries(depends_on).map(([on, { condition }]) => ({ name, on, condition })),
);

describe('docker-compose.yml', () => {
  test('has the whole system', () => {
    expect(Object.keys(services).sort()).toEqual([
      'api',
      'mongodb',
      'mongodb-setup',
      'postgresql',
      'temporal',
      'temporal-namespace',
      'temporal-schema',
      'temporal-ui',
      'worker',
    ]);
  });

  test.each(all)('%s is pinned to a version', (_name, { image }) => {
    expect(image).toMatch(/:\d+\.\d+(\.\d+)?[\w.-]*$/);
  });

  test.each(all)('%s has a health check, or runs once and is waited for', (name, service) => {
    const isWaitedFor = dependencies.some(
      ({ on, condition }) => on === name && condition === 'service_completed_successfully',
    );
    expect(service.healthcheck !== undefined).toBe(!isWaitedFor);
    expect(service.restart).toBe(isWaitedFor ? 'on-failure:5' : 'unless-stopped');
  });

  test('API and worker count as healthy when they say that they are ready', () => {
    const url = (name: string) => /http:\/\/\S+?(?=')/.exec(services[name]!.healthcheck!.test.join(' '))?.[0];
    const workerPort = services['worker']!.environment!['TENON_WORKER_PORT'];
    expect(url('api')).toBe('http://127.0.0.1:3000/api/v1/health/ready');
    expect(url('worker')).toBe(`http://127.0.0.1:${workerPort}/health/ready`);
    // A colon in a command that is not quoted would make a mapping of it.
    for (const { healthcheck } of Object.values(services))
      for (const word of healthcheck?.test ?? []) expect(typeof word).toBe('string');
  });

  test('each dependency exists, and is waited for until it is healthy or done', () => {
    for (const { on, condition } of dependencies) {
      expect(Object.keys(services)).toContain(on);
      const wanted = services[on]!.healthcheck ? 'service_healthy' : 'service_completed_successfully';
      expect(condition).toBe(wanted);
    }
  });

  test('only this machine reaches the published ports', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('every mounted file and volume exists, and every secret is asked for rather than defaulted', () => {
    for (const mount of all.flatMap(([, service]) => service.volumes ?? [])) {
      const source = mount.split(':')[0]!;
      const isThere = source.startsWith('./') ? read(source) !== '' : source in volumes;
      expect([source, isThere]).toEqual([source, true]);
    }
    const text = read('docker-compose.yml');
    const made = [...read('deploy/make-env.sh').matchAll(/^(\w+)=\$|^(\w+)=k1:/gm)].map(
      (match) => match[1] ?? match[2]!,
    );
    expect(made.length).toBe(5);
    for (const name of made) expect(text).toContain(`\${${name}:?`);
  });

  test('history has at least 16 shards', () => {
    const shards = services['temporal']!.environment!['NUM_HISTORY_SHARDS']!;
    expect(Number(/:-(\d+)\}$/.exec(shards)?.[1])).toBeGreaterThanOrEqual(16);
  });

  test('Temporal gets every setting that npm start gives it', () => {
    const settings = parse(read('deploy/temporal/dynamicconfig.yaml')) as Record<
      string,
      { value: unknown }[]
    >;
    for (const setting of DYNAMIC_CONFIG) {
      const [key, value] = setting.split('=') as [string, string];
      expect(settings[key]).toEqual([{ value: JSON.parse(value) as unknown }]);
    }
  });
});

describe('the Dockerfile', () => {
  const text = read('Dockerfile');

  test('builds on one pinned Node 24 and runs as another user than root, with a health check', () => {
    const images = [...text.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(images).toEqual([expect.stringMatching(/^node:24\.\d+\.\d+-/), images[0]]);
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
  });

  test('copies only what the ignore file lets through', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map((match) => match[1]!);
    const copied = [...text.matchAll(/^COPY (?!--from)(?:--\S+ )*(.+) \S+$/gm)].flatMap((match) =>
      match[1]!.split(' '),
    );
    expect(copied.length).toBeGreaterThan(4);
    for (const path of copied) expect(allowed).toContain(path);
  });
});
