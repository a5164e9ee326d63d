import type { FaultList } from './fault-list';
import { isMapping } from './mapping';
import { describeValue } from './shape';

const PRESENT = 7;
const READABLE = [6, 7];

type Root = Record<string, unknown>;

/** A version in quotes is the same version. */
function readNumber(version: unknown, faults: FaultList): unknown {
  if (typeof version !== 'string' || !/^\d{1,5}$/.test(version)) return version;
  const message = `"definitionVersion" is ${describeValue(version)}, which is read as ${version}.`;
  faults.warning('odd_value', ['definitionVersion'], message, `Write ${version}.`);
  return Number(version);
}

/**
 * Decides whether the data is of a version that can be read, and says what it is otherwise. A root that is readable
 * but for its `definitionVersion` gets the present one, so that its other faults come to light as well.
 */
export function readFormatVersion(data: unknown, faults: FaultList): Root | undefined {
  if (!isMapping(data)) {
    const message = `An integration is a mapping with "flows", not ${describeValue(data)}.`;
    faults.error('not_a_definition', [], message, 'Send the YAML text of an integration.');
    return undefined;
  }
  const version = readNumber(data.definitionVersion, faults);
  if (typeof version === 'number' && READABLE.includes(version))
    return { ...data, definitionVersion: version };
  if (version === undefined && !('flows' in data) && ('steps' in data || 'trigger' in data)) {
    const message =
      'This is a definition of the time before format versions (a trigger and steps without flows).';
    faults.error(
      'legacy_definition',
      [],
      message,
      `Rewrite it with "definitionVersion: ${PRESENT}" and "flows".`,
    );
    return undefined;
  }
  if (data.definitionType === 'workflow' || (version === 1 && 'flow' in data)) {
    const message = 'This is a workflow, not an integration.';
    faults.error('unsupported_version', ['definitionVersion'], message, 'Send an integration with "flows".');
    return undefined;
  }
  if (version === undefined) {
    const hint = `Add "definitionVersion: ${PRESENT}".`;
    faults.error('missing_key', ['definitionVersion'], 'The key "definitionVersion" is missing.', hint);
  } else if (typeof version !== 'number' || !Number.isInteger(version)) {
    const message = `"definitionVersion" must be a whole number, not ${describeValue(version)}.`;
    faults.error('wrong_type', ['definitionVersion'], message, `Write "definitionVersion: ${PRESENT}".`);
  } else {
    const message = `Definitions of version ${version} cannot be read.`;
    const hint = `Readable are the versions ${READABLE.join(' and ')}; export the integration again.`;
    faults.error('unsupported_version', ['definitionVersion'], message, hint);
    return undefined;
  }
  return { ...data, definitionVersion: PRESENT };
}
