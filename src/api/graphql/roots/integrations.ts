import type { Fault } from '../../../definition';
import type { FieldFault } from '../../../errors';
import { deleteIntegration } from '../../../services/integrations/delete-integration';
import { getIntegration } from '../../../services/integrations/get-integration';
import { importIntegration } from '../../../services/integrations/import-integration';
import { viewOfDraft, viewOfVersion } from '../../../services/integrations/integration-view';
import { listIntegrations } from '../../../services/integrations/list-integrations';
import { listenToTests } from '../../../services/integrations/listen-to-tests';
import { publishIntegration } from '../../../services/integrations/publish-integration';
import { setVersionAvailability } from '../../../services/integrations/set-version-availability';
import { updateIntegration } from '../../../services/integrations/update-integration';
import { validateDefinition } from '../../../services/integrations/validate-definition';
import { connectionOf, type PageArgs } from '../connection';
import { type DescribedArgs, type DescribedOrder, describedInput } from '../described-args';
import type { FieldsOf } from '../fields';
import { fromGlobalId, fromOptionalId } from '../global-id';
import { mutation } from '../mutation';

interface IntegrationsArgs extends PageArgs, DescribedArgs<DescribedOrder | 'CATEGORY' | 'VERSION_NUMBER'> {
  allVersions?: boolean | null;
  customer?: string | null;
  customer_Isnull?: boolean | null;
  category?: string | null;
  category_Icontains?: string | null;
  isCodeNative?: boolean | null;
}

export const integrationQueries: FieldsOf<unknown> = {
  integration: (_, { id }: { id: string }, { deps, ctx }) =>
    getIntegration(deps, ctx, { id: fromGlobalId('Integration', id) }),
  integrations: async (_, args: IntegrationsArgs, { deps, ctx }) =>
    connectionOf(
      await listIntegrations(deps, ctx, {
        first: args.first,
        after: args.after,
        allVersions: args.allVersions,
        customerId: fromOptionalId('Customer', args.customer, 'customer'),
        hasCustomer: args.customer_Isnull == null ? undefined : !args.customer_Isnull,
        category: args.category,
        categorySearch: args.category_Icontains,
        isCodeNative: args.isCodeNative,
        ...describedInput(args),
      }),
    ),
};

interface IdInput {
  id?: string | null;
}

interface ImportInput {
  definition: string;
  integrationId?: string | null;
  replace?: boolean | null;
  customer?: string | null;
}

interface UpdateInput extends IdInput {
  name?: string | null;
  description?: string | null;
  customer?: string | null;
  avatarUrl?: string | null;
}

const integrationIdOf = ({ id }: IdInput) => fromGlobalId('Integration', id ?? '');
const NAMES = { customerId: 'customer', isAvailable: 'available' };

export const integrationMutations: FieldsOf<unknown> = {
  importIntegration: mutation(
    'integration',
    async ({ definition, integrationId, replace, customer }: ImportInput, { deps, ctx }) => {
      const imported = await importIntegration(deps, ctx, {
        definition,
        integrationId: fromOptionalId('Integration', integrationId, 'integrationId'),
        replace,
        customerId: fromOptionalId('Customer', customer, 'customer'),
      });
      return viewOfDraft(imported);
    },
    NAMES,
  ),
  updateIntegration: mutation(
    'integration',
    async ({ customer, name, description, avatarUrl, ...input }: UpdateInput, { deps, ctx }) => {
      const id = integrationIdOf(input);
      const customerId = customer == null ? customer : fromGlobalId('Customer', customer, 'customer');
      const changes = { name, description, customerId, avatarUrl };
      return viewOfDraft(await updateIntegration(deps, ctx, { id, ...changes }));
    },
    NAMES,
  ),
  deleteIntegration: mutation('integration', async (input: IdInput, { deps, ctx }) =>
    viewOfDraft(await deleteIntegration(deps, ctx, { id: integrationIdOf(input) })),
  ),
  publishIntegration: mutation(
    'integration',
    async (input: IdInput & { comment?: string | null; attributes?: string | null }, { deps, ctx }) => {
      const { comment, attributes } = input;
      return viewOfVersion(
        await publishIntegration(deps, ctx, { id: integrationIdOf(input), comment, attributes }),
      );
    },
  ),
  updateIntegrationVersionAvailability: mutation(
    'integration',
    async (input: IdInput & { available: boolean }, { deps, ctx }) => {
      const id = integrationIdOf(input);
      return viewOfVersion(await setVersionAvailability(deps, ctx, { id, isAvailable: input.available }));
    },
    NAMES,
  ),
  updateWorkflowTestConfiguration: mutation('integration', async (input: IdInput, { deps, ctx }) =>
    viewOfDraft(await listenToTests(deps, ctx, { id: integrationIdOf(input) })),
  ),
  validateIntegrationSchema: async (_, { input }: { input: ValidateInput }, { deps, ctx }) => {
    const { isValid, faults } = await validateDefinition(deps, ctx, { definition: input.definition });
    const errors = faults.filter((fault) => fault.severity === 'error').map(fieldFaultOf);
    return { result: { isValid }, errors, clientMutationId: input.clientMutationId };
  },
};

interface ValidateInput {
  definition: string;
  clientMutationId?: string | null;
}

/** A fault as an import reports it: the place as field, then the step, what is wrong and what to do. */
function fieldFaultOf({ line, column, step, message, hint }: Fault): FieldFault {
  const where = step ? `Step "${step}": ` : '';
  const remedy = hint === '' ? '' : ` — ${hint}`;
  return { field: `line ${line}, column ${column}`, messages: [`${where}${message}${remedy}`] };
}
