import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { fieldPath } from './field-path';
import type { Field, Flow } from './schema';
import { triggerKey } from './step-keys';

const TYPES = ['reference', 'value'];

/** Reports a field that is no path, and says whether it is one or empty. */
export function checkField(field: Field | undefined, path: Path, faults: FaultList): boolean {
  if (field === undefined || TYPES.includes(field.type) || field.value.trim() === '') return true;
  const message = `"${String(path.at(-1))}" is a path, not an input of type "${field.type}".`;
  faults.error('wrong_input_type', [...path, 'type'], message, 'Write "type: reference".');
  return false;
}

/** Checks the paths that a flow reads before its steps run: only the trigger's result is there then. */
export function checkFlowFields(flow: Flow, index: number, faults: FaultList): void {
  const key = triggerKey(flow);
  const fields: [Field | undefined, Path][] = [
    [flow.retryConfig?.uniqueRequestIdField, ['flows', index, 'retryConfig', 'uniqueRequestIdField']],
    [flow.queueConfig?.dedupeIdField, ['flows', index, 'queueConfig', 'dedupeIdField']],
  ];
  for (const [field, path] of fields) {
    if (!checkField(field, path, faults)) continue;
    const root = fieldPath(field, key)?.[0];
    if (root === undefined || root === key) continue;
    const message = `"${root}" is not the trigger of the flow "${flow.name}"; the path gives nothing.`;
    faults.warning('unknown_reference', path, message, `Write "${key}.results" and what follows.`);
  }
}
