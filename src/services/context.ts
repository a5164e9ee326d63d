import type { Env } from '../config/env';
import type { Role } from '../store/models/user.model';
import type { Sealer } from '../store/sealer';
import type { Store } from '../store/store';
import type { TemporalGateway } from '../temporal/gateway';

/** What every use case works with; made once a process. */
export interface Deps {
  env: Env;
  store: Store;
  sealer: Sealer;
  temporal: TemporalGateway;
}

/** Who asks. */
export interface Actor {
  userId: string;
  organizationId: string;
  /** Set for a user of a customer, who sees that customer's objects only. */
  customerId: string | null;
  role: Role;
}

/** One request through any door. */
export interface RequestContext {
  actor: Actor;
  requestId: string;
}
