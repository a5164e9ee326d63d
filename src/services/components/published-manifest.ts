import { extractManifest } from '../../components/extract-manifest';
import type { ComponentManifest } from '../../components/manifest';
import type { FieldFault } from '../../errors';
import { invalidInput } from '../parse-input';

/** What a publisher says of a component: its default export with lists for maps, and functions left out. */
export interface PublishedDefinition {
  definition: Record<string, unknown>;
  actions: Published[];
  triggers: Published[];
  dataSources: Published[];
  connections: Published[];
}

/** An action or the like; fields that are not known here are kept where it is stored. */
export type Published = Record<string, unknown> & { key: string };

/** The manifest of what was published. Throws `invalid_input` that names every fault. */
export function manifestOf(published: PublishedDefinition, isPublic: boolean): ComponentManifest {
  const { definition, connections } = published;
  const lists = {
    actions: published.actions,
    triggers: published.triggers,
    dataSources: published.dataSources,
  };
  const faults = Object.entries({ ...lists, connections }).flatMap(([field, list]) => repeated(field, list));
  if (faults.length > 0) throw invalidInput(faults);
  const maps = Object.entries(lists).map(([field, list]) => [field, byKey(list)]);
  try {
    return extractManifest({ ...definition, ...Object.fromEntries(maps), connections }, { isPublic });
  } catch (error) {
    throw invalidInput([{ field: 'definition', messages: [(error as Error).message] }]);
  }
}

function repeated(field: string, list: Published[]): FieldFault[] {
  const keys = list.map(({ key }) => key);
  const twice = [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))];
  if (twice.length === 0) return [];
  return [{ field, messages: [`These keys are given more than once: ${twice.join(', ')}.`] }];
}

const byKey = (list: Published[]) => Object.fromEntries(list.map((one) => [one.key, one]));
