import * as workflows from '../../src/workflows';
import { answerOf } from '../support/canary-definition';
import { controls, NOT_GIVEN, READABLE, SPILLED } from '../support/canary-expected';
import { Search } from '../support/canary-search';
import { newData, newSecrets, type Slot } from '../support/canary-slots';
import { type CanaryWorld, canaryWorld } from '../support/canary-world';
import { formsOf } from '../support/find-secret';
import { metadataOf, payloadsIn } from '../support/raw-history';

const TEMPORAL = /^(history of|files of temporal|log temporal)/;
const SAID = /^(output of|answer of|log mongodb)/;
const KEPT = /^(collection|blob|oplog)/;

const secrets = newSecrets();
const data = newData();
const SLOTS = Object.keys(secrets) as Slot[];
let world: CanaryWorld;
let search: Search;

beforeAll(async () => {
  secrets.dataSourceAnswer = answerOf(data.marker);
  world = await canaryWorld(secrets, data);
  search = new Search(world.places);
}, 240_000);

describe('the search', () => {
  test('finds what is no secret in every place that it looks at', () => {
    const missed = controls(world, data).filter(([text, where]) => search.find(text, where).length === 0);
    expect(missed).toEqual([]);
  });

  test('finds it in each form that somebody may give it', () => {
    const all = search.find(data.marker, /^collection step_results/);
    const names = formsOf(data.marker).map(({ name }) => `collection step_results: ${name}`);
    expect(all).toEqual(expect.arrayContaining(names));
  });

  test('is made behind every kind of run and every type of workflow', () => {
    const spilled = world.echo.calls.filter(({ path }) => path.startsWith('/spilled/'));
    const kinds = spilled.map(({ path }) => decodeURIComponent(path.split('/')[2]!));
    expect([...new Set(kinds)].sort()).toEqual(SPILLED);
    expect(spilled.map(({ body }) => body)).not.toContainEqual([]);
    const types = world.histories.map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining([...Object.keys(workflows), 'temporal-sys-scheduler-workflow']),
    );
  });

  test('is made where the secrets were really in use', () => {
    const told = new Set(
      world.echo.calls.flatMap(({ path, body }) => (path.startsWith('/spilled/') ? (body as string[]) : [])),
    );
    expect(SLOTS.filter((slot) => !told.has(secrets[slot]))).toEqual(NOT_GIVEN);
    const sent = JSON.stringify(world.echo.calls.map(({ headers }) => headers));
    const basic = Buffer.from(`shop-user:${secrets.password}`).toString('base64');
    const { apiKey, token, shared, preset, configVar, oauthAccessToken } = secrets;
    for (const used of [basic, apiKey, token, shared, preset, configVar, oauthAccessToken])
      expect(sent).toContain(JSON.stringify(used).slice(1, -1));
    const credentials = `Basic ${Buffer.from(`tenon:${secrets.proxyPassword}`).toString('base64')}`;
    expect(new Set(world.proxy.asked.map(([, authorization]) => authorization))).toEqual(
      new Set([credentials]),
    );
    expect(JSON.parse(world.offered)).toMatchObject({
      content: expect.arrayContaining([secrets.dataSourceAnswer]),
    });
  });
});

describe.each(SLOTS)('the secret %s', (slot) => {
  const unexpected = (where: RegExp) =>
    search.find(secrets[slot], where).filter((one) => !READABLE[slot]?.test(one));

  test('is in nothing that Temporal keeps or logs, nor in what it has decrypted', () => {
    expect(unexpected(TEMPORAL)).toEqual([]);
  });

  test('is in no output of a process, no log of MongoDB, and no answer to somebody else', () => {
    expect(unexpected(SAID)).toEqual([]);
  });

  test('is in no collection and no blob, and never was', () => {
    expect(unexpected(KEPT)).toEqual([]);
    // Once it is sealed there too, the exception has to go.
    expect(search.find(secrets[slot], KEPT).length > 0).toBe(READABLE[slot] !== undefined);
  });
});

describe('what callers send', () => {
  const sent = Object.entries(data).filter(([name]) => name !== 'marker');

  test.each(sent)(
    'as %s is in the record of the execution, as data, and in nothing of Temporal',
    (_, text) => {
      expect(search.find(text, /^collection executions: /)).not.toEqual([]);
      expect(search.find(text, TEMPORAL)).toEqual([]);
    },
  );

  test.each(sent)('as %s is in no output and no line of a log', (_, text) => {
    expect(search.find(text, /^(output|answer|collection logs)/)).toEqual([]);
  });

  test('stays out of the log of a mongod as we start it: it logs no command, however slow', () => {
    expect(world.loggedShare).toBe(0);
  });
});

test('all payloads in all histories are encrypted, and name their key', () => {
  const ours = world.histories.filter(({ type }) => type in workflows);
  const payloads = ours.flatMap(({ events }) => payloadsIn(events));
  // Of the others the SDK's core makes those that hold type and times of a local activity.
  const open = payloads.filter(({ payload }) => metadataOf(payload, 'encoding') !== 'binary/encrypted');
  expect(open.filter(({ path }) => !path.endsWith('.details.data.payloads.0'))).toEqual([]);
  const keys = payloads.map(({ payload }) => metadataOf(payload, 'encryption-key-id'));
  expect(keys.filter((key) => key !== 'k1')).toHaveLength(open.length);
});
