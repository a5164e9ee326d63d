import type { ResolvedStep } from './check-steps';
import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { eachInput, readInput } from './input-tree';
import { readSchedule } from './read-schedule';
import type { ConfigVar, Definition, Flow } from './schema';
import { stepSites } from './step-sites';

interface Feature {
  /** Begins the sentence "… is not run yet." */
  name: string;
  hint: string;
  find: (definition: Definition, steps: readonly ResolvedStep[]) => Path[];
}

const flowPaths =
  (key: string, isUsed: (flow: Flow) => boolean) =>
  (definition: Definition): Path[] =>
    definition.flows.flatMap((flow, index) => (isUsed(flow) ? [['flows', index, key]] : []));

const configVarPaths =
  (key: string, isUsed: (configVar: ConfigVar) => boolean) =>
  (definition: Definition): Path[] =>
    definition.requiredConfigVars.flatMap((one, index) =>
      isUsed(one) ? [['requiredConfigVars', index, key]] : [],
    );

const isQueued = ({ queueConfig }: Flow): boolean =>
  queueConfig !== undefined &&
  (queueConfig.usesFifoQueue ||
    queueConfig.singletonExecutions ||
    queueConfig.concurrencyLimit !== undefined ||
    queueConfig.dedupeIdField !== undefined ||
    (queueConfig.type !== undefined && queueConfig.type !== 'parallel'));

function inputPaths(definition: Definition, type: string): Path[] {
  return definition.flows.flatMap((flow, index) =>
    stepSites(flow, index).flatMap(({ step, path }) =>
      Object.entries(step.inputs).flatMap(([key, input]) =>
        [...eachInput(readInput(input, [...path, 'inputs', key]))]
          .filter((tree) => tree.type === type)
          .map((tree) => tree.path),
      ),
    ),
  );
}

/** Everything of the language that is read but not run; a row goes when the engine learns it. */
const FEATURES: readonly Feature[] = [
  {
    name: 'An endpoint shared by several flows or customers',
    hint: 'Set "endpointType: flow_specific".',
    find: ({ endpointType }) => (endpointType === 'flow_specific' ? [] : [['endpointType']]),
  },
  {
    name: 'A code-native integration',
    hint: 'Write the flows in YAML.',
    find: ({ isCodeNative }) => (isCodeNative ? [['isCodeNative']] : []),
  },
  {
    name: 'The retry of a whole flow',
    hint: 'Set "maxAttempts: 0", or give the steps concerned an "errorConfig" with retry.',
    find: flowPaths('retryConfig', (flow) => (flow.retryConfig?.maxAttempts ?? 0) > 0),
  },
  {
    name: 'A queue or a limit of concurrent executions',
    hint: 'Remove "queueConfig"; executions then run in parallel.',
    find: flowPaths('queueConfig', isQueued),
  },
  {
    name: 'The batching of trigger items',
    hint: 'Set "enabled: false" and loop over the items.',
    find: flowPaths('triggerResolver', (flow) => flow.triggerResolver?.enabled === true),
  },
  {
    name: 'A trigger that branches',
    hint: 'Put a branch step behind the trigger.',
    find: ({ flows }) =>
      flows.flatMap(({ steps }, index) =>
        (steps[0]?.branches ?? []).length > 0 ? [['flows', index, 'steps', 0, 'branches']] : [],
      ),
  },
  {
    name: 'A polling trigger',
    hint: 'Use a schedule trigger and an action that fetches what is new.',
    find: (_definition, steps) =>
      steps
        .filter(
          ({ isTrigger, declared }) =>
            isTrigger && 'isPollingTrigger' in declared && declared.isPollingTrigger,
        )
        .map(({ path }) => [...path, 'action', 'key']),
  },
  {
    name: 'A schedule made from a template',
    hint: 'Give the cron text itself, or a config variable that holds it.',
    find: ({ flows }) =>
      flows.flatMap(({ steps }, index) =>
        readSchedule(steps[0]?.schedule).kind === 'template'
          ? [['flows', index, 'steps', 0, 'schedule', 'value']]
          : [],
      ),
  },
  {
    name: 'An input of type "dataSource"',
    hint: 'Give the value by a config variable.',
    find: (definition) => inputPaths(definition, 'dataSource'),
  },
  {
    name: 'An input of type "scopedConfigVar"',
    hint: 'Use "type: configVar".',
    find: (definition) => inputPaths(definition, 'scopedConfigVar'),
  },
  {
    name: 'A connection shared over integrations',
    hint: 'Give the connection fields of its own.',
    find: configVarPaths('useScopedConfigVar', (one) => (one.useScopedConfigVar ?? '') !== ''),
  },
  {
    name: 'A connection template',
    hint: 'Give the values of the fields under "inputs".',
    find: configVarPaths('connection', (one) => (one.connection?.template ?? '') !== ''),
  },
  {
    name: 'A connection through an on-premise agent',
    hint: 'Set "onPremiseConnectionConfig: disallowed".',
    find: configVarPaths('onPremiseConnectionConfig', (one) => one.onPremiseConnectionConfig === 'required'),
  },
  {
    name: 'A config variable of type "credential"',
    hint: 'Use "dataType: connection".',
    find: configVarPaths('dataType', (one) => one.dataType === 'credential'),
  },
  {
    name: 'A config page for each end user',
    hint: 'Set "userLevelConfigured: false".',
    find: ({ configPages }) =>
      configPages.flatMap((page, index) =>
        page.userLevelConfigured ? [['configPages', index, 'userLevelConfigured']] : [],
      ),
  },
];

/** Reports what of the language a definition uses that is not run yet, so that nothing is silently left out. */
export function reportUnsupported(
  definition: Definition,
  steps: readonly ResolvedStep[],
  faults: FaultList,
): void {
  for (const { name, hint, find } of FEATURES) {
    for (const path of find(definition, steps)) {
      faults.error('unsupported', path, `${name} is not run yet.`, hint, { at: 'key' });
    }
  }
}
