import { invalidField } from '../../../errors';
import { getComponent } from '../../../services/components/get-component';
import { listComponents } from '../../../services/components/list-components';
import { connectionOf, type PageArgs } from '../connection';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';

interface ComponentsArgs extends PageArgs {
  key?: string | null;
  public?: boolean | null;
  versionNumber?: number | null;
  allVersions?: boolean | null;
  filterQuery?: string | null;
}

export const componentQueries: FieldsOf<unknown> = {
  component: (_, { id }: { id: string }, { deps, ctx }) =>
    getComponent(deps, ctx, { id: fromGlobalId('Component', id) }),
  components: async (_, args: ComponentsArgs, { deps, ctx }) => {
    const { first, after, key, public: isPublic, versionNumber, allVersions } = args;
    const search = args.filterQuery == null ? undefined : searchOf(args.filterQuery);
    const filters = { key, isPublic, versionNumber, allVersions, search };
    return connectionOf(await listComponents(deps, ctx, { first, after, ...filters }));
  },
};

/** The text looked for by `["or", ["in", "key", text], ["in", "label", text]]`; no other query is served. */
function searchOf(filterQuery: string): string {
  const [operator, ...terms] = listFrom(filterQuery);
  const texts = terms.map((term) => {
    const [condition, field, text] = Array.isArray(term) ? (term as unknown[]) : [];
    const isKnown = condition === 'in' && (field === 'key' || field === 'label');
    return isKnown && typeof text === 'string' ? text : null;
  });
  const [text] = texts;
  if (operator === 'or' && typeof text === 'string' && texts.every((other) => other === text)) return text;
  throw invalidField('filterQuery', 'Only ["or", ["in", "key", text], ["in", "label", text]] is served.');
}

function listFrom(json: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
