import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { eachInput, readInput } from './input-tree';
import type { ConfigVar, Definition } from './schema';
import { stepSites } from './step-sites';

interface Feature {
  message: string;
  hint: string;
  find: (definition: Definition) => Path[];
}

const configVarPaths =
  (key: string, isUsed: (configVar: ConfigVar) => boolean) =>
  (definition: Definition): Path[] =>
    definition.requiredConfigVars.flatMap((one, index) =>
      isUsed(one) ? [['requiredConfigVars', index, key]] : [],
    );

/** Pages for end users whose values no delivery can ask for. */
function userPagePaths({
  configPages,
  endpointType,
  externalCustomerUserIdField: field,
}: Definition): Path[] {
  if (endpointType !== 'flow_specific' && (field?.value ?? '').trim() !== '') return [];
  return configPages.flatMap(({ userLevelConfigured, elements }, index) =>
    userLevelConfigured && elements.some(({ type }) => type === 'configVar')
      ? [['configPages', index, 'userLevelConfigured']]
      : [],
  );
}

/** Connections that need an agent, on pages that each end user fills in. */
function onPremiseOfUsers({ configPages, requiredConfigVars }: Definition): Path[] {
  const ofUsers = new Set(
    configPages.flatMap(({ userLevelConfigured, elements }) =>
      userLevelConfigured ? elements.map(({ value }) => value) : [],
    ),
  );
  return requiredConfigVars.flatMap(({ key, onPremiseConnectionConfig, useScopedConfigVar }, index) =>
    onPremiseConnectionConfig === 'required' && !useScopedConfigVar && ofUsers.has(key)
      ? [['requiredConfigVars', index, 'onPremiseConnectionConfig']]
      : [],
  );
}

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
    message: 'A data source is not asked when a step runs; the input is left out.',
    hint: 'Give the value by a config variable that has the data source.',
    find: (definition) => inputPaths(definition, 'dataSource'),
  },
  {
    message: 'A variable that integrations share is not looked up for an input; the input is left out.',
    hint: 'Use "type: configVar" with a variable of this integration.',
    find: (definition) => inputPaths(definition, 'scopedConfigVar'),
  },
  {
    message: 'A shared connection has no on-premise agent; its fields, host and port too, count as given.',
    hint: 'Give the connection fields of its own in place of "useScopedConfigVar".',
    find: configVarPaths(
      'onPremiseConnectionConfig',
      (one) => one.onPremiseConnectionConfig === 'required' && Boolean(one.useScopedConfigVar),
    ),
  },
  {
    message: 'End users choose no on-premise agent; their fields, host and port too, count as given.',
    hint: 'Set the connection on a page of the instance.',
    find: onPremiseOfUsers,
  },
  {
    message: 'A credential is not known here; steps that use it get nothing.',
    hint: 'Use "dataType: connection" and name its kind.',
    find: configVarPaths('dataType', (one) => one.dataType === 'credential'),
  },
  {
    message:
      'Nothing says which end user a delivery is for, so it runs without the values that users set on this page.',
    hint: 'Choose a shared address by "endpointType", and name the user by "externalCustomerUserIdField".',
    find: userPagePaths,
  },
];

/**
 * Warns of what of the language a definition uses that is not run, or not in full, so that nothing is silently left
 * out; the rest of the definition runs, as the messages say.
 */
export function reportUnsupported(definition: Definition, faults: FaultList): void {
  for (const { message, hint, find } of FEATURES) {
    for (const path of find(definition))
      faults.warning('partly_supported', path, message, hint, { at: 'key' });
  }
}
