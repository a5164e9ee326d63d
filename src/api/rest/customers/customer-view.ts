import { z } from 'zod';
import type { Customer } from '../../../store/models/customer.model';
import { id, time, timeText } from '../fields';

export const customerView = z
  .object({
    id,
    name: z.string(),
    externalId: z.string().nullable(),
    description: z.string(),
    labels: z.array(z.string()),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Customer' });

export function presentCustomer(customer: Customer): z.input<typeof customerView> {
  return {
    id: customer._id,
    name: customer.name,
    externalId: customer.externalId,
    description: customer.description,
    labels: customer.labels,
    createdAt: timeText(customer.createdAt),
    updatedAt: timeText(customer.updatedAt),
  };
}
