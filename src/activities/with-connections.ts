import type { PerformOutcome, PerformRequest } from '../components/runner/contract';
import { renewConnections } from '../services/connections/live-connections';
import {
  type ConnectionUse,
  markConnectionError,
  markConnectionUsed,
} from '../services/connections/report-use';
import type { RunDeps } from './run-deps';
import { withPerform } from './with-perform';

/**
 * The same, with runners whose calls are made with fresh tokens, however long their run has lasted already, and that
 * note what a call says of its connections: one that the component could not work with, or that works again. Costs
 * nothing where there is no connection.
 */
export function withConnections(deps: RunDeps): RunDeps {
  const { runners } = deps;
  const perform: RunDeps['runners']['perform'] = async (request, options) => {
    const use = useOf(request);
    await renewConnections(deps, use.configVars);
    const outcome = await runners.perform(request, options);
    await report(deps, use, outcome);
    return outcome;
  };
  return { ...deps, runners: withPerform(runners, perform) };
}

function useOf({ context, params }: PerformRequest): ConnectionUse {
  return { configVars: (context['configVars'] ?? {}) as Record<string, unknown>, inputs: params };
}

async function report(deps: RunDeps, use: ConnectionUse, outcome: PerformOutcome): Promise<void> {
  if (outcome.ok) return markConnectionUsed(deps, use);
  const { isConnectionError, message: reason, connectionConfigVar: configVarKey } = outcome.error;
  if (isConnectionError) await markConnectionError(deps, use, { reason, configVarKey });
}
