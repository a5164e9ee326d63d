import { stringify } from 'yaml';
import { builtinLookup } from '../../../src/cli/builtin-lookup';
import type { ComponentManifest, InputManifest } from '../../../src/components/manifest';
import {
  type ComponentLookup,
  checkDefinition,
  compilePlan,
  describeFault,
  exportDefinition,
  type Fault,
  parseDefinition,
} from '../../../src/definition';
import type { Plan, PlanStep } from '../../../src/engine/plan';

const input = (key: string): InputManifest => ({
  key,
  label: key,
  type: key === 'connection' ? 'connection' : 'string',
});

/** A published component with these actions and triggers, a connection `oauth2` and a data source. */
function published(key: string, actions: Record<string, string[]>, triggers: string[]): ComponentManifest {
  const action = (name: string, inputs: string[]) => ({
    key: name,
    label: name,
    description: '',
    inputs: inputs.map(input),
  });
  return {
    key,
    isPublic: true,
    display: { label: key, description: '' },
    actions: Object.fromEntries(
      Object.entries(actions).map(([name, inputs]) => [name, action(name, inputs)]),
    ),
    triggers: Object.fromEntries(
      triggers.map((name) => [
        name,
        {
          ...action(name, ['connection']),
          scheduleSupport: 'valid',
          synchronousResponseSupport: 'valid',
          allowsBranching: true,
          staticBranchNames: ['Notification', 'Verify'],
          hasResolveTriggerItems: true,
        },
      ]),
    ),
    connections: [
      {
        key: 'oauth2',
        label: 'OAuth',
        oauth2Type: 'authorization_code',
        inputs: ['tokenUrl', 'scopes', 'clientId'].map(input),
      },
    ],
    dataSources: { selectList: action('selectList', ['connection', 'filter']) },
  };
}

const STUBS = new Map(
  [
    published('crm', { query: ['connection', 'text', 'version'], createRecord: ['connection', 'record'] }, [
      'changes',
    ]),
    published('chat', { postMessage: ['connection', 'channelName', 'message', 'username'] }, ['events']),
  ].map((manifest) => [manifest.key, manifest]),
);

const builtIn = builtinLookup();
const lookup: ComponentLookup = (reference) => {
  const manifest = STUBS.get(reference.key);
  if (manifest === undefined) return builtIn(reference);
  return { manifest, pin: { key: manifest.key, isPublic: true, version: 1, signature: manifest.key } };
};

export function read(text: string): { faults: Fault[]; plan: Plan } {
  const { definition, faults } = parseDefinition(text);
  if (definition === undefined) throw new Error(faults.map(describeFault).join('\n'));
  const found = [...faults, ...checkDefinition(definition, lookup)];
  const plan = compilePlan(definition, lookup);
  // What an export gives is the same integration, and exporting it again the same bytes.
  const exported = exportDefinition(text);
  expect(exportDefinition(exported)).toBe(exported);
  const again = parseDefinition(exported).definition;
  expect(again && compilePlan(again, lookup)).toEqual(plan);
  return { faults: found, plan };
}

function* all(steps: readonly PlanStep[]): Generator<PlanStep> {
  for (const step of steps) {
    yield step;
    for (const branch of step.branches ?? []) yield* all(branch.steps);
    yield* all(step.loop?.steps ?? []);
  }
}

export const keysOf = ({ flows }: Plan, name: string): string[] => {
  const flow = flows.find((one) => one.name === name);
  return flow === undefined ? [] : [...all([flow.trigger, ...flow.steps])].map(({ key }) => key);
};

export type Data = Record<string, unknown>;
export const value = (text: unknown) => ({ type: 'value', value: text });
export const reference = (path: string) => ({ type: 'reference', value: path });
export const template = (text: string) => ({ type: 'template', value: text });
export const variable = (key: string) => ({ type: 'configVar', value: key });
export const list = (...items: unknown[]) => ({ type: 'complex', value: items });
export const condition = (name: string, expression: unknown[]) => ({
  name,
  type: 'complex',
  value: expression,
});

export function step(
  name: string,
  [component, key]: [string, string],
  inputs: Data = {},
  more: Data = {},
): Data {
  const action = { key, component: { isPublic: true, key: component, version: 'LATEST' } };
  return { action, description: '', inputs, name, ...more };
}

export const trigger = (name: string, of: [string, string], inputs: Data = {}, more: Data = {}): Data =>
  step(name, of, inputs, { isTrigger: true, ...more });

export const flow = (name: string, steps: Data[], more: Data = {}): Data => ({
  description: '',
  endpointSecurityType: 'customer_optional',
  isSynchronous: false,
  name,
  steps,
  ...more,
});

export const integration = (flows: Data[], requiredConfigVars: Data[], more: Data = {}): string =>
  stringify({
    category: '',
    configPages: [
      { elements: [{ type: 'configVar', value: requiredConfigVars[0]?.key }], name: 'Configuration' },
    ],
    definitionVersion: 7,
    description: '',
    documentation: 'Two lines.\n\n\nAnd two empty ones.\n\n',
    endpointType: 'flow_specific',
    flows,
    name: 'Realistic',
    requiredConfigVars,
    ...more,
  });

export const HIDDEN = { orgOnly: true, visibleToCustomerDeployer: false, visibleToOrgDeployer: false };
export const connectionTo = (key: string, component: string): Data => ({
  connection: { key: 'oauth2', component: { isPublic: true, key: component, version: 'LATEST' } },
  dataType: 'connection',
  inputs: {
    tokenUrl: { meta: HIDDEN, ...value('https://auth.test/token') },
    clientId: { meta: HIDDEN, ...value(null) },
  },
  key,
  meta: { isVisibleToCustomerDeployer: true, isVisibleToOrgDeployer: true },
  onPremiseConnectionConfig: 'disallowed',
  orgOnly: false,
});

export const WEBHOOK = { body: value(''), contentType: value(''), headers: list(), statusCode: value('') };
