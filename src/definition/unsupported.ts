import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { eachInput, readInput } from './input-tree';
import type { ConfigVar, Definition } from './schema';
import { stepSites } from './step-sites';

interface Feature {
  message: string;
  hint: string;
  find: (definition: Definition) => Path[];
  /** A definition that uses it runs all the same, as the message says. */
  isOnlyPartly?: boolean;
}

const configVarPaths =
  (key: string, isUsed: (configVar: ConfigVar) => boolean) =>
  (definition: Definition): Path[] =>
    definition.requiredConfigVars.flatMap((one, index) =>
      isUsed(one) ? [['requiredConfigVars', index, key]] : [],
    );

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

/** Everything of the language that is read but not run in full; a row goes when the engine learns it. */
const FEATURES: readonly Feature[] = [
  {
    message: 'An input of type "dataSource" is not run yet.',
    hint: 'Give the value by a config variable.',
    find: (definition) => inputPaths(definition, 'dataSource'),
  },
  {
    message: 'An input of type "scopedConfigVar" is not run yet.',
    hint: 'Use "type: configVar".',
    find: (definition) => inputPaths(definition, 'scopedConfigVar'),
  },
  {
    message: 'A connection through an on-premise agent is not run yet.',
    hint: 'Set "onPremiseConnectionConfig: disallowed" and give an address that workers reach.',
    find: configVarPaths('onPremiseConnectionConfig', (one) => one.onPremiseConnectionConfig === 'required'),
  },
  {
    message: 'A config variable of type "credential" is not run yet.',
    hint: 'Use "dataType: connection".',
    find: configVarPaths('dataType', (one) => one.dataType === 'credential'),
  },
  {
    message: 'A connection shared over integrations is not looked up yet; steps that use it get none.',
    hint: 'Give the connection a kind ("connection") and fields of its own.',
    find: configVarPaths('useScopedConfigVar', (one) => (one.useScopedConfigVar ?? '') !== ''),
    isOnlyPartly: true,
  },
  {
    message: 'A preset of connection fields is not known here; the fields count as they are given.',
    hint: 'Give the values of the fields under "inputs", or set them on each instance.',
    find: configVarPaths('connection', (one) => (one.connection?.template ?? '') !== ''),
    isOnlyPartly: true,
  },
  {
    message: 'Values for each end user are not kept yet; those of the instance count for all of its users.',
    hint: 'Set the values of this page on the instance.',
    find: ({ configPages }) =>
      configPages.flatMap((page, index) =>
        page.userLevelConfigured ? [['configPages', index, 'userLevelConfigured']] : [],
      ),
    isOnlyPartly: true,
  },
];

/**
 * Reports what of the language a definition uses that is not run, or not in full, so that nothing is silently left
 * out.
 */
export function reportUnsupported(definition: Definition, faults: FaultList): void {
  for (const { message, hint, find, isOnlyPartly } of FEATURES) {
    for (const path of find(definition)) {
      if (isOnlyPartly === true) faults.warning('partly_supported', path, message, hint, { at: 'key' });
      else faults.error('unsupported', path, message, hint, { at: 'key' });
    }
  }
}
