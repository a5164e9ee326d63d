import type { PlanConfigVar, PlanConnectionField } from '../../../engine/plan';
import type { ConnectionState } from '../../../store/models/connection.model';
import { type ConnectionOwner, ownerId } from '../../connections/connection-owner';
import { type ConnectionStatus, connectionStatus } from '../../connections/connection-status';
import { configVariableIdOf, connectionSubject } from '../../connections/connection-subject';
import { consentUrl } from '../../connections/consent/ticket';
import type { Deps } from '../../context';
import { setByHand } from './connection-fields';
import { connectionUsers } from './connection-users';
import { emptyFields, isMissing, isRequired, type Needs } from './find-missing';
import { resourceOf } from './on-premise-resource';
import type { OpenVariable } from './open-variables';

/** Stands for a secret that is set. */
export const MASK = '••••••••';

/** A config variable of an instance as readers see it. */
export interface ConfigVariableView {
  id: string;
  key: string;
  /** As in the definition, in lower case. */
  dataType: string;
  description: string;
  defaultValue: string | null;
  /** As set by hand; null when unset, and for connections. */
  value: string | null;
  /** The fields of a connection; passwords are masked. */
  inputs: { name: string; value: string }[];
  /** `PENDING`: a value or a consent is still missing; `ERROR` and `FAILED` for connections only. */
  status: ConnectionStatus;
  /** Why a connection is not active. */
  statusReason: string | null;
  /** Where a person grants access; null where there is nothing to grant, or to somebody who may only read. */
  authorizeUrl: string | null;
  /** OAuth: when the token is refreshed next, and when that last went well. */
  refreshAt: Date | null;
  lastSuccessfulRefreshAt: Date | null;
  isRequired: boolean;
  isSet: boolean;
  /** Stable key of the shared connection that its values are those of; null where it has its own. */
  sharedConnection: string | null;
  /** Id of the preset that gives values for its fields; null for none, and to users of a customer. */
  templateId: string | null;
  /** Each end user has a value of their own. */
  isUserLevel: boolean;
  /** Whether an on-premise agent may, or must, stand for its host and port. */
  onPremise: 'allowed' | 'disallowed' | 'required';
  /** The on-premise resource that was chosen; null for none, and to those who may not know of it. */
  onPremiseResourceId: string | null;
}

interface Wanted {
  /** The instance, or one of its users. */
  owner: ConnectionOwner;
  plan: Needs;
  open: Map<string, OpenVariable>;
  states: ConnectionState[];
  isCustomerUser: boolean;
  mayGrant: boolean;
}

/** Shows the config variables of an instance or a user, in the order of the definition. */
export function viewVariables(deps: Pick<Deps, 'env'>, wanted: Wanted): ConfigVariableView[] {
  const { plan, open, owner, isCustomerUser } = wanted;
  const users = connectionUsers(plan);
  return plan.configVars
    .filter(({ orgOnly }) => !isCustomerUser || !orgOnly)
    .map((configVar) => {
      const { key, stableKey, dataType, description, defaultValue, connection } = configVar;
      const { sharedConnection, isUserLevel } = configVar;
      const set = open.get(key);
      return {
        id: configVariableIdOf(ownerId(owner), stableKey),
        key,
        dataType,
        description: description ?? '',
        defaultValue: defaultValue ?? null,
        value: set?.value ?? null,
        // Those of a shared connection are shown, and set, there.
        inputs: (sharedConnection === undefined ? (connection?.fields ?? []) : [])
          .filter((field) => !isCustomerUser || isForCustomers(field))
          .map((field) => viewField(field, setByHand(field, set?.fields))),
        ...standingOf(deps, wanted, configVar, set),
        // Of an instance only its own are.
        isRequired: (!isUserLevel || isOfUser(owner)) && isRequired(configVar, users.has(key)),
        isSet: set !== undefined && set.sharedFault === undefined,
        sharedConnection: sharedConnection ?? null,
        templateId: (!isCustomerUser && connection?.templateId) || null,
        isUserLevel: isUserLevel === true,
        onPremise: configVar.onPremise ?? 'disallowed',
        onPremiseResourceId: resourceOf(configVar, set) ?? null,
      };
    });
}

const isOfUser = (owner: ConnectionOwner): boolean => 'userConfigId' in owner;

/** Users of a customer neither see nor set what is the organization's alone. */
export function isForCustomers({ setBy }: PlanConnectionField): boolean {
  return setBy !== 'organization';
}

/** Said to users of a customer of a shared connection that is not theirs to set. */
const NOT_THEIRS = 'The organization, which manages this connection, can see why.';

type Standing = Pick<
  ConfigVariableView,
  'status' | 'statusReason' | 'authorizeUrl' | 'refreshAt' | 'lastSuccessfulRefreshAt'
>;

function standingOf(
  deps: Pick<Deps, 'env'>,
  { owner: given, states, isCustomerUser, mayGrant }: Wanted,
  configVar: PlanConfigVar,
  set: OpenVariable | undefined,
): Standing {
  const none = { statusReason: null, authorizeUrl: null, refreshAt: null, lastSuccessfulRefreshAt: null };
  if (set?.sharedFault !== undefined)
    return { ...none, status: 'PENDING', statusReason: `Not there: ${set.sharedFault}.` };
  const subject = connectionSubject(deps, given, configVar, set);
  if (!subject) return { ...none, status: isMissing(configVar, set) ? 'PENDING' : 'ACTIVE' };
  const state = states.find(({ _id }) => _id === subject.id) ?? null;
  const { status, reason } = connectionStatus(subject, state, emptyFields(configVar, set));
  const { owner, settings, configVarStableKey } = subject;
  const isTheirs = !isCustomerUser || !set?.shared || set.shared.isSetByCustomers;
  const isGranted = settings?.type === 'authorization_code' && mayGrant && isTheirs;
  return {
    status,
    // What a component or a provider said may be of another customer's run.
    statusReason: reason === null || isTheirs ? reason : NOT_THEIRS,
    authorizeUrl: isGranted ? consentUrl(deps.env, { owner, stableKey: configVarStableKey }) : null,
    refreshAt: state?.refreshAt ?? null,
    lastSuccessfulRefreshAt: state?.refreshedAt ?? null,
  };
}

/** A field of a connection as it is shown: secret ones masked. */
export function viewField(
  { key, type, value, isWriteOnly }: PlanConnectionField,
  set: string | undefined,
): { name: string; value: string } {
  const text = set ?? value ?? '';
  const isSecret = type === 'password' || isWriteOnly === true;
  return { name: key, value: isSecret && text !== '' ? MASK : text };
}
