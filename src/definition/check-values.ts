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
    const message = `"${name}" is text; ${describeValue(value)} is read as JSON text.`;
    faults.warning('unquoted_value', path, message, 'Write it as JSON text in quotes.');
  }
}

function checkConfigVar(configVar: ConfigVar, path: Path, faults: FaultList): void {
  checkDefault(configVar.defaultValue, [...path, 'defaultValue'], faults);
  checkDefault(configVar.value, [...path, 'value'], faults);
  for (const [key, input] of Object.entries(configVar.inputs))
    checkInputShape(input, [...path, 'inputs', key], faults);
  const isShared = (configVar.useScopedConfigVar ?? '') !== '';
  if (configVar.dataType !== 'connection') {
    if (isShared && configVar.dataType !== 'credential') notShared(configVar.key, path, faults);
    return;
  }
  if (configVar.connection !== undefined || isShared) return;
  const message = `The connection "${configVar.key}" does not name its kind: the key "connection" is missing.`;
  faults.error(
    'missing_key',
    [...path, 'connection'],
    message,
    'Add "connection" with "key" and "component".',
  );
}

function notShared(key: string, path: Path, faults: FaultList): void {
  const message = `"${key}" is no connection, and only connections are shared.`;
  const hint = 'Use "dataType: connection", or take "useScopedConfigVar" away.';
  faults.error('unknown_value', [...path, 'useScopedConfigVar'], message, hint);
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
