import { action, component, pollingTrigger, trigger } from '@prismatic-io/spectral';
import { builtins } from '../../../src/components/builtin';
import { builtinComponents } from '../../../src/components/builtin-manifests';
import { canonicalJson } from '../../../src/components/canonical-json';
import { extractManifest } from '../../../src/components/extract-manifest';

const manifests = new Map(builtinComponents().map(({ manifest }) => [manifest.key, manifest]));
const inputKeys = (inputs: { key: string }[] = []) => inputs.map(({ key }) => key).sort();

describe('builtinComponents', () => {
  it('lists the components that ship with Tenon, all public', () => {
    const expected =
      'branch change-data-format code cross-flow csv http liquid-template log loop management-triggers messagepack persist-data prismatic recursive-flow schedule-triggers sleep stop-execution webhook-triggers zip';
    expect([...manifests.keys()]).toEqual(expect.arrayContaining(expected.split(' ')));
    expect([...manifests.values()].every(({ isPublic }) => isPublic)).toBe(true);
  });

  it('is what the code of the components says (npm run gen)', () => {
    expect([...manifests.values()]).toEqual(builtins.map((one) => extractManifest(one, { isPublic: true })));
  });

  it('declares the inputs that definitions name', () => {
    const http = manifests.get('http')?.actions ?? {};
    const common =
      'connection debugRequest headers ignoreSslErrors includeFullResponse maxRedirects maxRetries queryParams responseType retryDelayMS retryOnAllErrors timeout url useExponentialBackoff'.split(
        ' ',
      );
    expect(inputKeys(http.httpGet?.inputs)).toEqual(common);
    expect(inputKeys(http.httpPost?.inputs)).toEqual([...common, 'data'].sort());
    expect(inputKeys(http.httpRequest?.inputs)).toEqual([...common, 'data', 'method'].sort());
    expect(inputKeys(http.httpPostFormData?.inputs)).toEqual(
      [...common, 'fileData', 'fileDataFileNames', 'formData', 'httpMethod'].sort(),
    );
    expect(inputKeys(manifests.get('webhook-triggers')?.triggers.webhook?.inputs)).toEqual(
      'body contentType headers statusCode'.split(' '),
    );
    expect(inputKeys(manifests.get('stop-execution')?.actions.stopExecution?.inputs)).toEqual(
      'contentType headers jsonBody statusCode'.split(' '),
    );
    expect(inputKeys(manifests.get('code')?.actions.runCode?.inputs)).toEqual(['code', 'data']);
  });

  it('marks what changes the course of a flow', () => {
    const branch = manifests.get('branch')?.actions;
    expect(branch?.branchOnExpression).toMatchObject({
      allowsBranching: true,
      dynamicBranchInput: 'conditions',
      staticBranchNames: ['Else'],
    });
    expect(branch?.branchOnValue).toMatchObject({
      allowsBranching: true,
      dynamicBranchInput: 'branchValueMappings',
    });
    expect(branch?.selectExecutedStepResult?.allowsBranching).toBeUndefined();
    expect(manifests.get('loop')?.actions.breakLoop?.breakLoop).toBe(true);
    expect(manifests.get('stop-execution')?.actions.stopExecution?.terminateExecution).toBe(true);
    expect(manifests.get('schedule-triggers')?.triggers.schedule).toMatchObject({
      scheduleSupport: 'required',
      synchronousResponseSupport: 'invalid',
    });
    expect(manifests.get('webhook-triggers')?.triggers.webhook?.scheduleSupport).toBe('invalid');
  });

  it('gives the same signature each time, and manifests that survive JSON unchanged', () => {
    const first = builtinComponents();
    expect(builtinComponents()).toEqual(first);
    for (const { manifest, signature } of first) {
      expect(signature).toMatch(/^[0-9a-f]{40}$/);
      expect(JSON.parse(JSON.stringify(manifest))).toStrictEqual(manifest);
    }
    expect(new Set(first.map(({ signature }) => signature)).size).toBe(first.length);
  });

  it('declares a required connection nowhere, so that HTTP calls without one are valid', () => {
    for (const { inputs } of Object.values(manifests.get('http')?.actions ?? {})) {
      expect(inputs.find(({ key }) => key === 'connection')).toMatchObject({ type: 'connection' });
      expect(inputs.find(({ key }) => key === 'connection')?.required).toBeUndefined();
    }
  });
});

describe('extractManifest', () => {
  it('reads what a current SDK builds, with its defaults', () => {
    const built = component({
      key: 'acme',
      display: { label: 'Acme', description: 'd', iconPath: 'icon.png', category: 'Store' },
      actions: {
        list: action({
          display: { label: 'List', description: 'Lists' },
          inputs: {
            limit: { label: 'Limit', type: 'string', required: true },
            isDeep: { label: 'Deep', type: 'boolean' },
            tags: { label: { key: 'Tag', value: 'Text' }, type: 'string', collection: 'keyvaluelist' },
          },
          perform: async () => ({ data: null }),
        }),
      },
      triggers: {
        poll: pollingTrigger({
          display: { label: 'Poll', description: '' },
          inputs: {},
          perform: async (_context, payload) => ({ payload }),
        }),
        hook: trigger({
          display: { label: 'Hook', description: '' },
          inputs: {},
          scheduleSupport: 'invalid',
          synchronousResponseSupport: 'required',
          perform: async (_context, payload) => ({ payload }),
        }),
      },
    });
    const manifest = extractManifest(built, { isPublic: false });
    expect(manifest).toMatchObject({
      key: 'acme',
      isPublic: false,
      display: { category: 'Store' },
      connections: [],
    });
    expect(manifest.actions.list?.inputs).toStrictEqual([
      { key: 'limit', label: 'Limit', type: 'string', required: true, default: '' },
      { key: 'isDeep', label: 'Deep', type: 'boolean', default: 'false' },
      { key: 'tags', label: 'Text', type: 'string', collection: 'keyvaluelist', default: '' },
    ]);
    expect(manifest.triggers.poll).toMatchObject({ isPollingTrigger: true, scheduleSupport: 'required' });
    expect(manifest.triggers.hook?.synchronousResponseSupport).toBe('required');
  });

  it('reads the shape of old SDKs: nulls, missing maps, connections with hidden templates', () => {
    const old = {
      key: 'old',
      public: false,
      documentationUrl: null,
      display: { label: 'Old', description: 'd', iconPath: 'icon.png', category: null },
      actions: {
        a: {
          key: 'a',
          display: { label: 'A', description: 'd' },
          inputs: [],
          perform: () => null,
          dynamicBranchInput: null,
        },
      },
      connections: [
        {
          key: 'oauth2',
          label: 'OAuth',
          oauth2Type: 'authorization_code',
          inputs: [
            {
              key: 'url',
              label: 'URL',
              type: 'template',
              default: 'https://{{#host}}/authorize',
              shown: false,
            },
          ],
        },
      ],
    };
    const manifest = extractManifest(old, { isPublic: true });
    expect(manifest).toStrictEqual({
      key: 'old',
      isPublic: true,
      display: { label: 'Old', description: 'd', iconPath: 'icon.png' },
      actions: { a: { key: 'a', label: 'A', description: 'd', inputs: [] } },
      triggers: {},
      dataSources: {},
      connections: [
        {
          key: 'oauth2',
          label: 'OAuth',
          oauth2Type: 'authorization_code',
          inputs: [
            {
              key: 'url',
              label: 'URL',
              type: 'template',
              default: 'https://{{#host}}/authorize',
              shown: false,
            },
          ],
        },
      ],
    });
  });

  it('names every fault of a value that is no component', () => {
    const broken = { key: '', display: { description: 'd' }, actions: { a: { display: {} } } };
    expect(() => extractManifest(broken, { isPublic: false })).toThrow(
      /key:[\s\S]*display\.label[\s\S]*actions\.a/,
    );
    expect(() => extractManifest(undefined, { isPublic: false })).toThrow(/default export/);
  });
});

describe('canonicalJson', () => {
  it('gives equal text for equal values, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
    expect(canonicalJson({ a: [2, 1] })).not.toBe(canonicalJson({ a: [1, 2] }));
  });
});
