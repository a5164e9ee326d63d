import type { NetworkRules } from '../../../net/network-rules';
import { freezeCalls, hideGuards } from '../forbidden';
import { noteOperatorSecrets } from '../operator-secrets';
import { faultOfAnswer, faultOfTarget } from './egress-guard';
import { guardPrivateAddresses, isOpenName, overrideOf } from './private-guard';

/** Takes the operator's rules of the network into force in this process, before any component code runs. */
export async function applyRules(rules: NetworkRules): Promise<void> {
  guardPrivateAddresses(rules);
  noteOperatorSecrets(rules);
  if (rules.proxy !== undefined) {
    // Its libraries take memory that most runners need not spend.
    const { useProxy } = await import('./outgoing-proxy.js');
    const isOverridden = (host: string): boolean => overrideOf(host) !== undefined;
    useProxy(rules.proxy, { faultOfTarget, faultOfAnswer, isOpenName, isOverridden });
    hideGuards();
  }
  freezeCalls();
}
