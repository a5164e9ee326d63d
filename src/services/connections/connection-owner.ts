import type { OwnerFields } from '../../store/models/connection.model';

/** Whose connection it is: an instance's, that of one of its users, or one that instances share. */
export type ConnectionOwner =
  | { instanceId: string; userConfigId?: string }
  /** Of what holds the values: a shared connection, or a customer's values of one. */
  | { sharedId: string };

/** What the records of that owner have, and no other's: an instance's are not those of its users. */
export function ownerFields(owner: ConnectionOwner): Required<OwnerFields> {
  return { instanceId: null, userConfigId: null, sharedId: null, ...owner };
}

/** Whose record it is. */
export function ownerOf({ instanceId, userConfigId, sharedId }: OwnerFields): ConnectionOwner {
  if (sharedId) return { sharedId };
  return { instanceId: instanceId ?? '', ...(userConfigId && { userConfigId }) };
}

/** The id of that which holds the values. */
export function ownerId(owner: ConnectionOwner): string {
  return 'sharedId' in owner ? owner.sharedId : (owner.userConfigId ?? owner.instanceId);
}
