import { bareList } from '../../../net/captured';
import { currentCall } from '../call-scope';

/** The address at which workers listen for what goes to customers' networks. */
const HOST = '127.0.0.1';
/** Out of the reach of component code: by port, the id of the call that it was opened for. */
const owners = bareList<number | undefined>();

/** Opens ports to one call of this process; gives what closes them. */
export function openTunnelPorts(callId: number, ports: readonly number[]): () => void {
  for (let at = 0; at < ports.length; at += 1) owners[ports[at] ?? 0] = callId;
  return () => {
    // One that was given up long ago may end when its port serves another.
    for (let at = 0; at < ports.length; at += 1)
      if (owners[ports[at] ?? 0] === callId) owners[ports[at] ?? 0] = undefined;
  };
}

/** Whether the code that runs now may connect there; undefined where that is no port of any call. */
export function mayTunnel(address: string, port: number): boolean | undefined {
  const owner = address === HOST ? owners[port] : undefined;
  return owner === undefined ? undefined : currentCall()?.id === owner;
}
