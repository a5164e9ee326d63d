import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { checkInputShape } from './input-tree';
import type { ConfigVar, Definition } from './schema';
import { describeValue } from './shape';
import { stepSites } from './step-sites';

function checkDefault(value: unknown, path: Path, faults: FaultList): void {
  if (value === undefined || typeof value === 'string') return;
  const name = String(path.at(-1));
  if (typeof value === 'number' || typeof value === 'boolean') {
    const message = `"${name}" is text; ${describeValue(value)} is read as "${String(value)}".`;
    faults.warning('unquoted_value', path, message, `Write it in quotes: "${String(value)}".`);
  } else {
    const message = `"${name}" must be text, not ${describeValue(value)}.`;
    faults.error('wrong_type', path, message, 'Give lists and mappings as JSON text.');
  }
}

function checkConfigVar(configVar: ConfigVar, path: Path, faults: FaultList): void {
  checkDefault(configVar.defaultValue, [...path, 'defaultValue'], faults);
  checkDefault(configVar.value, [...path, 'value'], faults);
  for (const [key, input] of Object.entries(configVar.inputs))
    checkInputShape(input, [...path, 'inputs', key], faults);
  if (configVar.dataType !== 'connection') return;
  if (configVar.connection !== undefined || configVar.useScopedConfigVar !== undefined) return;
  const message = `The connection "${configVar.key}" does not name its kind: the key "connection" is missing.`;
  faults.error(
    'missing_key',
    [...path, 'connection'],
    message,
    'Add "connection" with "key" and "component".',
  );
}

/** Checks the shapes of all inputs and of the default values of config variables. */
export function checkValues(definition: Definition, faults: FaultList): void {
  definition.flows.forEach((flow, index) => {
    for (const { step, path } of stepSites(flow, index)) {
      for (const [key, input] of Object.entries(step.inputs))
        checkInputShape(input, [...path, 'inputs', key], faults);
    }
  });
  definition.requiredConfigVars.forEach((configVar, index) => {
    checkConfigVar(configVar, ['requiredConfigVars', index], faults);
  });
}
