import { Agent, type Dispatcher } from 'undici';

/** A dispatcher whose every request fails for the reason given, as one does that cannot connect. */
export function refuseAll(fault: Error): Dispatcher {
  return new Agent({ connect: (_options, callback) => callback(fault, null) });
}
