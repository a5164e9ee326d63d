import { AppError, type FieldFault } from '../../errors';
import type { ConnectionTemplateName } from '../../store/models/connection-template.model';
import type { Deps } from '../context';
import { invalidInput } from '../parse-input';

/** Said where another preset of the same kind of connection has the name. */
export const NAME_TAKEN = {
  field: 'name',
  message: 'Another preset of this kind of connection has this name; choose another.',
};

/** Throws with all faults of a preset, its name among them: `conflict` when that alone is taken, else `invalid_input`. */
export async function refuseFaults(
  { store }: Pick<Deps, 'store'>,
  { name, connection, component, ...own }: ConnectionTemplateName & { _id: string; organizationId: string },
  faults: FieldFault[],
): Promise<void> {
  const taken = await store.connectionTemplates.exists({
    organizationId: own.organizationId,
    name,
    connection,
    'component.key': component.key,
    'component.isPublic': component.isPublic,
    _id: { $ne: own._id },
  });
  const { field, message } = NAME_TAKEN;
  const ofName: FieldFault[] = taken ? [{ field, messages: [message] }] : [];
  if (faults.length > 0) throw invalidInput([...ofName, ...faults]);
  if (taken) throw new AppError('conflict', message, { faults: ofName });
}
