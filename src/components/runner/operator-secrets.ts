import type { NetworkRules } from '../../net/network-rules';

const known = new Set<string>();

/** What is masked in this process besides the secrets of a call. */
export const operatorSecrets: ReadonlySet<string> = known;

/**
 * From now on masks the password of the operator's proxy, with which this process or its runners send requests: code
 * that asks by HTTP can come upon it, for one in the `agent` of its request.
 */
export function noteOperatorSecrets({ proxy }: NetworkRules): void {
  const { username = '', password = '' } = proxy ? new URL(proxy.url) : {};
  if (password === '') return;
  const [user, plain] = [username, password].map(decodeURIComponent);
  for (const form of [password, plain!, Buffer.from(`${user}:${plain}`).toString('base64')]) known.add(form);
}
