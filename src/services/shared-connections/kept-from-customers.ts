import type { SharedConnection } from '../../store/models/shared-connection.model';
import { OAUTH_ADDRESSES } from '../connections/oauth-settings';
import type { RequestContext } from '../context';
import { connectionTypeOf } from './shared-variable';

/**
 * The fields that are not for users of a customer, who neither see nor change them: what the organization filled in,
 * such as the secret of its OAuth client, and where that is sent to.
 */
export function keptFromCustomers({ actor }: RequestContext, shared: SharedConnection): ReadonlySet<string> {
  if (actor.customerId === null) return new Set();
  const { oauth2Type, fields } = connectionTypeOf(shared);
  return new Set([
    ...shared.sealedInputs.map(({ name }) => name),
    ...(oauth2Type === undefined ? [] : OAUTH_ADDRESSES),
    ...fields.flatMap(({ key, type }) => (type === 'template' ? [key] : [])),
  ]);
}
