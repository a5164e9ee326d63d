import type { ConnectionManifest } from '../components/manifest';
import type { CheckContext } from './check-component';
import type { Path } from './fault';
import type { ConfigVar } from './schema';

/** An agent stands for the host and port of a connection, so one that must have an agent needs fields for these. */
export function checkOnPremise(
  { key, onPremiseConnectionConfig }: ConfigVar,
  { key: connection, inputs }: ConnectionManifest,
  path: Path,
  { faults }: CheckContext,
): void {
  if (onPremiseConnectionConfig !== 'required') return;
  const missing = ['host', 'port'].filter((name) => inputs.every((input) => input.key !== name));
  if (missing.length === 0) return;
  const message = `The connection "${connection}" has no input "${missing.join('" and no "')}" that an on-premise agent could stand for, so what uses "${key}" cannot be deployed.`;
  const hint = 'Say "allowed" or "disallowed", or use a kind of connection with a host and a port.';
  faults.warning('partly_supported', [...path, 'onPremiseConnectionConfig'], message, hint, { at: 'key' });
}
