import { z } from 'zod';
import { RESOURCE_STATUSES, statusOf } from '../../../services/on-premise/resource-status';
import type { OnPremiseResource } from '../../../store/models/on-premise-resource.model';
import { id, time, timeText, timeTextOrNull } from '../fields';

export const onPremiseView = z
  .object({
    id,
    customerId: id.nullable().describe('Whose instances may use it; null: the organization’s own.'),
    name: z.string(),
    port: z.int().describe('Of the service, as the agent told it; 0 before.'),
    status: z
      .enum(RESOURCE_STATUSES)
      .describe('`AVAILABLE`: an agent is connected. `PENDING`: none ever was.'),
    seenAt: time.nullable().describe('When an agent was connected last, within some seconds.'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'OnPremiseResource' });

/** A resource with a token by which its agent connects. */
export const agentTokenView = z
  .object({ resource: onPremiseView, jwt: z.string().describe('Keep it secret.') })
  .meta({ id: 'OnPremiseToken' });

/** A resource as an answer. */
export function presentOnPremise(resource: OnPremiseResource): z.input<typeof onPremiseView> {
  const { _id, customerId, name, port, seenAt, createdAt, updatedAt } = resource;
  return {
    id: _id,
    customerId,
    name,
    port,
    status: statusOf(resource),
    seenAt: timeTextOrNull(seenAt),
    createdAt: timeText(createdAt),
    updatedAt: timeText(updatedAt),
  };
}
