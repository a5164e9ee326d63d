import { z } from 'zod';
import type { getIntegration } from '../../../services/integrations/get-integration';
import { id, time, timeTextOrNull } from '../fields';

type IntegrationView = Awaited<ReturnType<typeof getIntegration>>;

const summaryFields = {
  id: id.describe('Of the draft, or of this version.'),
  integrationId: id.describe('Of the integration; the same over all its versions.'),
  kind: z.enum(['draft', 'version']),
  versionNumber: z.int().describe('Of the draft: that of the newest version, 0 before the first.'),
  name: z.string(),
  description: z.string(),
  category: z.string(),
  labels: z.array(z.string()),
  customerId: id.nullable().describe('Set for an integration that one customer owns.'),
  isAvailable: z.boolean().describe('Whether new instances may choose this version.'),
  versionComment: z.string().nullable(),
  versionCreatedAt: time.nullable(),
};

export const integrationSummary = z.object(summaryFields).meta({ id: 'IntegrationSummary' });
export const integrationView = z
  .object({ ...summaryFields, definition: z.string().describe('YAML.') })
  .meta({ id: 'Integration' });

/** An integration or a version without its definition. */
export function presentIntegrationSummary(view: IntegrationView): z.input<typeof integrationSummary> {
  return {
    id: view.id,
    integrationId: view.integrationId,
    kind: view.kind,
    versionNumber: view.versionNumber,
    name: view.name,
    description: view.description,
    category: view.category,
    labels: view.labels,
    customerId: view.customerId,
    isAvailable: view.isAvailable,
    versionComment: view.versionComment ?? null,
    versionCreatedAt: timeTextOrNull(view.versionCreatedAt),
  };
}

export function presentIntegration(view: IntegrationView): z.input<typeof integrationView> {
  return { ...presentIntegrationSummary(view), definition: view.definition };
}
