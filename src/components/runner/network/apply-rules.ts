import type { NetworkRules } from '../../../net/network-rules';
import { guardPrivateAddresses } from './private-guard';

/** Takes the operator's rules of the network into force in this process, before any component code runs. */
export async function applyRules(rules: NetworkRules): Promise<void> {
  guardPrivateAddresses(rules);
  if (rules.proxy === undefined) return;
  // Its libraries take memory that most runners need not spend.
  const { useProxy } = await import('./outgoing-proxy.js');
  useProxy(rules.proxy);
}
