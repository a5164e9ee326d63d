import { invalidField } from '../../../errors';
import { deleteComponent } from '../../../services/components/delete-component';
import { getComponent } from '../../../services/components/get-component';
import { type COMPONENT_ORDER_FIELDS, listComponents } from '../../../services/components/list-components';
import { publishComponent } from '../../../services/components/publish-component';
import { connectionOf, type PageArgs } from '../connection';
import type { FieldsOf } from '../fields';
import { fromGlobalId, fromOptionalId } from '../global-id';
import { mutation } from '../mutation';
import { publishResultOf } from '../types/component-upload';

interface ComponentsArgs extends PageArgs {
  key?: string | null;
  public?: boolean | null;
  versionNumber?: number | null;
  allVersions?: boolean | null;
  includeComponentsForCodeNativeIntegrations?: boolean | null;
  filterQuery?: string | null;
  orderBy?: { field: (typeof COMPONENT_ORDER_FIELDS)[number]; direction: 'ASC' | 'DESC' } | null;
}

export const componentQueries: FieldsOf<unknown> = {
  component: (_, { id }: { id: string }, { deps, ctx }) =>
    getComponent(deps, ctx, { id: fromGlobalId('Component', id) }),
  components: async (_, args: ComponentsArgs, { deps, ctx }) => {
    const { first, after, key, public: isPublic, versionNumber, allVersions } = args;
    const search = args.filterQuery == null ? undefined : searchOf(args.filterQuery);
    const includeCodeNative = args.includeComponentsForCodeNativeIntegrations;
    const filters = { key, isPublic, versionNumber, allVersions, includeCodeNative, search };
    const orderBy = args.orderBy && {
      field: args.orderBy.field,
      isDescending: args.orderBy.direction === 'DESC',
    };
    return connectionOf(await listComponents(deps, ctx, { first, after, orderBy, ...filters }));
  },
};

interface PublishInput {
  definition: unknown;
  actions?: unknown[] | null;
  triggers?: unknown[] | null;
  dataSources?: unknown[] | null;
  connections?: unknown[] | null;
  comment?: string | null;
  customer?: string | null;
  attributes?: string | null;
}

export const componentMutations: FieldsOf<unknown> = {
  publishComponent: mutation(
    'publishResult',
    async ({ customer, ...input }: PublishInput, { deps, ctx }) => {
      const customerId = fromOptionalId('Customer', customer, 'customer');
      // What the scalars let through is checked by the service.
      const published = { ...input, customerId } as Parameters<typeof publishComponent>[2];
      const version = await publishComponent(deps, ctx, published);
      return publishResultOf(deps, version, input.connections ?? []);
    },
    { customerId: 'customer' },
  ),
  deleteComponent: mutation(
    'component',
    async ({ id, force }: { id?: string | null; force?: boolean | null }, { deps, ctx }) =>
      deleteComponent(deps, ctx, { id: fromGlobalId('Component', id ?? ''), force }),
  ),
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
