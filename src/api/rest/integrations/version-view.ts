import { z } from 'zod';
import type { IntegrationVersion } from '../../../store/models/integration-version.model';
import { id, time, timeText } from '../fields';

export const versionView = z
  .object({
    id,
    integrationId: id,
    versionNumber: z.int(),
    comment: z.string(),
    attributes: z.string().nullable().describe('JSON text, as given at publishing.'),
    isAvailable: z.boolean(),
    createdBy: id.describe('The user who published it.'),
    createdAt: time,
  })
  .meta({ id: 'IntegrationVersion' });

export function presentVersion(version: IntegrationVersion): z.input<typeof versionView> {
  return {
    id: version._id,
    integrationId: version.integrationId,
    versionNumber: version.versionNumber,
    comment: version.comment,
    attributes: version.attributes,
    isAvailable: version.isAvailable,
    createdBy: version.createdBy,
    createdAt: timeText(version.createdAt),
  };
}
