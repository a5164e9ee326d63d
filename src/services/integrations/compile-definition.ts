import type { Fault } from '../../definition';
import { AppError } from '../../errors';
import { readNamedComponents } from '../components/read-named-components';
import { readKnownTemplates } from '../connection-templates/read-known-templates';
import type { Deps } from '../context';
import { atDesk } from './desk/at-desk';
import type { Known, Reading } from './desk/desk-requests';
import { type Compiled, digestOf, recentlyCompiled, recentReadings } from './desk/recently-compiled';

/** What a compilation is for. */
export interface CompileScope {
  /** Whose components count besides the organization's own. */
  customerId?: string | null;
  /** JSON of the identities of the integration so far; null before its first import. */
  identities?: string | null | undefined;
}

/** All faults of a definition, as the organization's components stand now. */
export async function findFaults(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  text: string,
): Promise<Fault[]> {
  return atDesk(organizationId, text, async (ask) => {
    return ask('check', {
      text,
      ...(await readKnown(deps, organizationId, null, await ask('read', { text }))),
    });
  });
}

/** The scope, or what finds it once the integration's name is known; the name is null where none can be read. */
type GivenScope = CompileScope | ((name: string | null) => Promise<CompileScope>);

/**
 * Checks and compiles a definition with the newest components that it allows; what was compiled a while ago, with the
 * same of all, is taken again. Throws `invalid_definition` with every fault at once, each with its line and column.
 */
export async function compileDefinition(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  text: string,
  given: GivenScope = {},
): Promise<Compiled & { scope: CompileScope }> {
  const digest = digestOf(text);
  const find = (reading: Reading) => findSubject(deps, { organizationId, digest, given }, reading);
  const known = recentReadings.get(digest);
  if (known) {
    const { key, scope } = await find(known);
    const kept = recentlyCompiled.get(key);
    if (kept) return { ...kept, scope };
  }
  return atDesk(organizationId, text, async (ask) => {
    const reading = recentReadings.get(digest) ?? (await ask('read', { text }));
    recentReadings.set(digest, reading);
    const { key, keyOf, scope, known: there } = await find(reading);
    const kept = recentlyCompiled.get(key);
    if (kept) return { ...kept, scope };
    const identities = scope.identities ?? null;
    const { faults, compiled } = await ask('compile', { text, ...there, identities });
    if (!compiled) throw invalidDefinition(faults);
    const result: Compiled = { ...compiled, warnings: faults };
    recentlyCompiled.set(key, result);
    // Once it is stored, its own identities are the known ones.
    recentlyCompiled.set(keyOf(compiled.identities), result);
    return { ...result, scope };
  });
}

interface Subject {
  scope: CompileScope;
  known: Known;
  /** Digest of all that the result depends on. */
  key: string;
  /** The same with other identities. */
  keyOf: (identities: string | null) => string;
}

async function findSubject(
  deps: Pick<Deps, 'store'>,
  { organizationId, digest, given }: { organizationId: string; digest: string; given: GivenScope },
  reading: Reading,
): Promise<Subject> {
  const scope = typeof given === 'function' ? await given(reading.name) : given;
  const customerId = scope.customerId ?? null;
  const known = await readKnown(deps, organizationId, customerId, reading);
  const rows = known.components.rows.map((row) => [row._id, row.status, row.isLatest, row.customerId]);
  const keyOf = (identities: string | null) =>
    digestOf(JSON.stringify([digest, organizationId, customerId, rows, known.templates, identities]));
  return { scope, known, key: keyOf(scope.identities ?? null), keyOf };
}

async function readKnown(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  customerId: string | null,
  { componentKeys: keys, templateNames }: Reading,
): Promise<Known> {
  const [components, templates] = await Promise.all([
    readNamedComponents(deps, organizationId, { customerId, keys }),
    templateNames.length === 0 ? [] : readKnownTemplates(deps, organizationId, keys),
  ]);
  return { components, templates };
}

function invalidDefinition(all: Fault[]): AppError {
  const errors = all.filter((fault) => fault.severity === 'error');
  const faults = errors.map(({ line, column, message, hint, step }) => ({
    field: `line ${line}, column ${column}`,
    messages: [
      [step ? `Step "${step}": ${message}` : message, hint].filter((text) => text !== '').join(' — '),
    ],
  }));
  const count = errors.length === 1 ? '1 fault' : `${errors.length} faults`;
  return new AppError('invalid_definition', `The definition has ${count}.`, { faults });
}
