import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';

let runners: RunnerPool;
beforeAll(() => {
  runners = createRunnerPool({ size: 1, separateSize: 0, memoryMb: 128 });
});
afterAll(() => runners.close());

const call = (key: string, params: Record<string, unknown>): Promise<PerformOutcome> =>
  runners.perform(
    {
      component: { key: 'collection-tools', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key,
      context: {},
      params,
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
const SCHEMA = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="a"><xs:complexType><xs:sequence>
    <xs:element name="b" type="xs:integer" maxOccurs="3"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>`;
const messageOf = (outcome: PerformOutcome) => (outcome.ok ? 'ok' : outcome.error.message);
const check = async (xmlInput: string, xmlSchema = SCHEMA) =>
  messageOf(await call('validateXmlSchema', { xmlInput, xmlSchema }));

describe('validateXmlSchema in a runner', () => {
  it('lets a document pass that matches, and names every fault of one that does not', async () => {
    expect(await check('<a><b>1</b></a>')).toBe('ok');
    expect(await check('<a>\n<b>x</b><c/></a>')).toMatch(
      /^XML does not match XML Schema:\n- line 2: .*'x'.*\n- line 2: Element 'c': This element is not expected\.$/,
    );
    expect(await check('<a>')).toMatch(/^XML cannot be read:\n- line 1: /);
    expect(await check('<a/>', '<x/>')).toMatch(/^XML Schema cannot be used:/);
  });

  it('reads nothing outside of the two texts', async () => {
    const entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hosts">]><a><b>&e;</b></a>';
    expect(await check(entity)).toMatch(/^XML does not match XML Schema: /);
    const include = SCHEMA.replace('<xs:element name="a">', '<xs:include schemaLocation="/etc/hosts"/>$&');
    expect(await check('<a/>', include)).toMatch(/^XML Schema cannot be used:\n.*failed to load/);
  });

  it('expands no entities beyond measure', async () => {
    const levels = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`);
    const xml = `<!DOCTYPE a [<!ENTITY e0 "${'x'.repeat(50)}">${levels.join('')}]><a><b>&e9;</b></a>`;
    expect(await check(xml)).toMatch(/amplification/);
  });
});

it('validateJsonSchema works in a runner', async () => {
  const jsonSchema = { type: 'object', required: ['a'] };
  expect(messageOf(await call('validateJsonSchema', { jsonInput: { a: 1 }, jsonSchema }))).toBe('ok');
  expect(messageOf(await call('validateJsonSchema', { jsonInput: {}, jsonSchema }))).toMatch(
    /required property 'a'/,
  );
});
