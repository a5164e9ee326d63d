import type { ConnectionState } from '../../store/models/connection.model';
import type { ConnectionSubject } from './connection-subject';

/**
 * `PENDING`: values or a consent are missing. `FAILED`: no token can be had until somebody acts. `ERROR`: a fault
 * that may pass, of the provider or in a run.
 */
export type ConnectionStatus = 'ACTIVE' | 'PENDING' | 'ERROR' | 'FAILED';

export interface StatusAndReason {
  status: ConnectionStatus;
  /** Null when it is active. */
  reason: string | null;
}

/** How a connection stands; `missing` names the fields that still need a value. */
export function connectionStatus(
  { settings, fieldsKey }: Pick<ConnectionSubject, 'settings' | 'fieldsKey'>,
  state: ConnectionState | null,
  missing: string[],
): StatusAndReason {
  if (missing.length > 0) return pending(`Values are missing: ${missing.join(', ')}.`);
  if (settings?.type === 'authorization_code' && !state?.sealedGrant) {
    return pending(state?.consentFault ?? 'Nobody has granted access yet.');
  }
  const { tokenFault = null, useFault = null } = state ?? {};
  if (tokenFault) return { status: tokenFault.isFinal ? 'FAILED' : 'ERROR', reason: tokenFault.reason };
  if (state?.expiresAt && state.refreshAt === null && state.expiresAt.getTime() <= Date.now()) {
    const reason =
      'The token has expired, and the provider gave none to refresh it with: grant access again.';
    return { status: 'FAILED', reason };
  }
  if (useFault && useFault.fieldsKey === fieldsKey) return { status: 'ERROR', reason: useFault.reason };
  return { status: 'ACTIVE', reason: null };
}

const pending = (reason: string): StatusAndReason => ({ status: 'PENDING', reason });
