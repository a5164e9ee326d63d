import { runInNewContext } from 'node:vm';
import { action, input } from '@prismatic-io/spectral';
import type { Ajv, ErrorObject, Options, ValidateFunction } from 'ajv';
import { cleanJson } from './inputs';

/** A schema may be written so that checking takes for ever: that is an error, not a hang. */
const MAX_MS = 3_000;
/** The second look gathers every fault, of which a schema can make millions. */
const MAX_MS_OF_ALL = 250;
const MAX_NAMED = 50;
const KEPT = 20;

interface Validator {
  findFirst: ValidateFunction;
  findAll: ValidateFunction;
}

/** By the text of the schema, oldest first. */
const known = new Map<string, Validator>();

type Dialect = new (options: Options) => Ajv;

/** The library by the draft that a schema names; draft 7 where it names none, which reads draft 6 as well. */
async function dialectOf(draft: unknown): Promise<Dialect> {
  const name = typeof draft === 'string' ? draft : '';
  if (name.includes('2020-12')) return (await import('ajv/dist/2020.js')).Ajv2020 as unknown as Dialect;
  if (name.includes('2019-09')) return (await import('ajv/dist/2019.js')).Ajv2019 as unknown as Dialect;
  if (name.includes('draft-04')) return (await import('ajv-draft-04')).default as unknown as Dialect;
  return (await import('ajv')).Ajv;
}

async function validatorOf(schema: object): Promise<Validator> {
  const text = JSON.stringify(schema);
  const found = known.get(text);
  if (found) return found;
  const { $schema, ...rest } = schema as { $schema?: unknown };
  const [Dialect, formats] = await Promise.all([dialectOf($schema), import('ajv-formats')]);
  const compiled = (allErrors: boolean): ValidateFunction => {
    const ajv = new Dialect({ strict: false, allErrors, logger: false, inlineRefs: false });
    formats.default.default(ajv);
    return ajv.compile(rest);
  };
  const validator = timed(MAX_MS, () => ({ findFirst: compiled(false), findAll: compiled(true) }));
  const oldest = known.keys().next();
  if (known.size >= KEPT && !oldest.done) known.delete(oldest.value);
  known.set(text, validator);
  return validator;
}

/** Runs synchronous code and ends it when it takes too long. */
function timed<T>(timeout: number, run: () => T): T {
  return runInNewContext('run()', { run }, { timeout }) as T;
}

const isTimeout = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** The faults of a value; none when it matches. Throws when that cannot be said in time. */
function faultsOf({ findFirst, findAll }: Validator, value: unknown): string[] {
  if (timed(MAX_MS, () => findFirst(value)) === true) return [];
  const first = (findFirst.errors ?? []).map(faultText);
  try {
    timed(MAX_MS_OF_ALL, () => findAll(value));
  } catch {
    return first;
  }
  const all = findAll.errors ?? [];
  const more = all.length > MAX_NAMED ? [`and ${all.length - MAX_NAMED} more`] : [];
  return all.length > 0 ? [...all.slice(0, MAX_NAMED).map(faultText), ...more] : first;
}

function faultText({ instancePath, message, params }: ErrorObject): string {
  const details = params as Record<string, unknown>;
  const extra = details['additionalProperty'] ?? details['unevaluatedProperty'] ?? details['allowedValues'];
  const told = extra === undefined ? '' : ` (${Array.isArray(extra) ? extra.join(', ') : String(extra)})`;
  return `${instancePath || 'The value'} ${message ?? 'does not match'}${told.slice(0, 200)}`;
}

/** Errors of the library as sentences for the author. */
function describe(error: unknown): Error {
  if (isTimeout(error)) return new Error('JSON Schema takes too long to check: it is too complex.');
  if (error instanceof RangeError) return new Error('JSON Schema or JSON Object is nested too deeply.');
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`JSON Schema cannot be used: ${reason.slice(0, 2_000)}`);
}

const jsonOf = (label: string) => (value: unknown) => {
  const given = cleanJson(value);
  if (given === undefined || given === '') throw new Error(`${label} is empty.`);
  return given;
};

/** Gives the value back when it matches; otherwise the step fails, naming all faults. */
export const validateJsonSchema = action({
  display: { label: 'Validate JSON Schema', description: 'Fails unless a value matches a JSON Schema.' },
  inputs: {
    jsonInput: input({
      label: 'JSON Object',
      type: 'data',
      required: true,
      comments: 'The value to check, or its JSON.',
      clean: jsonOf('JSON Object'),
    }),
    jsonSchema: input({
      label: 'JSON Schema',
      type: 'code',
      language: 'json',
      required: true,
      comments: 'A schema of draft 4, 6, 7, 2019-09 or 2020-12; draft 7 unless it names another.',
      clean: jsonOf('JSON Schema'),
    }),
  },
  perform: async (_context, { jsonInput, jsonSchema }) => {
    if (typeof jsonSchema !== 'object' || jsonSchema === null || Array.isArray(jsonSchema))
      throw new Error('JSON Schema must be an object.');
    let faults: string[];
    try {
      faults = faultsOf(await validatorOf(jsonSchema), jsonInput);
    } catch (error) {
      throw describe(error);
    }
    if (faults.length === 0) return { data: jsonInput };
    throw new Error(
      `JSON Object does not match JSON Schema:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
    );
  },
});
