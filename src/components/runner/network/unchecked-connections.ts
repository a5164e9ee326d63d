import http from 'node:http';
import https from 'node:https';

/**
 * Whether the call that asks has switched off the check of certificates for itself, as Node.js reads it: by a
 * variable that each call has for itself.
 */
export const areCertificatesUnchecked = (): boolean => process.env[CHECKS] === '0';

/** The variable that switches the check of certificates off. */
export const CHECKS = 'NODE_TLS_REJECT_UNAUTHORIZED';

interface Queueing {
  addRequest(this: http.Agent, request: http.ClientRequest, options: Record<string, unknown>): void;
}

/**
 * Keeps connections of calls that check certificates apart from those of calls that do not, though agents keep both
 * open for whoever comes next: agents tell connections apart by options, and not by variables. So each request over TLS
 * gets as an option what the variable says when it is made.
 */
export function partAgents(): void {
  const prototype = http.Agent.prototype as unknown as Queueing;
  const { addRequest } = prototype;
  prototype.addRequest = function (request, options, ...rest: unknown[]) {
    const isSecure = this instanceof https.Agent || request.protocol === 'https:';
    const isOpen = isSecure && typeof options === 'object' && options['rejectUnauthorized'] === undefined;
    const given = isOpen ? { ...options, rejectUnauthorized: !areCertificatesUnchecked() } : options;
    return (addRequest as (...args: unknown[]) => void).call(this, request, given, ...rest);
  };
}

interface Dispatching {
  dispatch(options: object, handler: object): boolean;
}
type AgentClass = new (options: { connect: { rejectUnauthorized: boolean } }) => Dispatching;

/** Where Node.js and undici keep what `fetch` sends requests by. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/**
 * The same for `fetch`, to be called when a call of this process switches the check off: until then there is nothing to
 * part. A dispatcher that component code has put in place stays.
 */
export function partFetch(): void {
  // Touching it makes Node.js load what there may not be yet.
  void globalThis.Headers;
  const target = globalThis as { [DISPATCHER]?: Dispatching };
  const present = target[DISPATCHER];
  if (present === undefined || parted.has(present) || present.constructor.name !== 'Agent') return;
  const Agent = present.constructor as AgentClass;
  const checked = new Agent({ connect: { rejectUnauthorized: true } });
  const unchecked = new Agent({ connect: { rejectUnauthorized: false } });
  const both = new Proxy(checked, {
    get(agent, key) {
      if (key === 'dispatch')
        return (options: object, handler: object) =>
          (areCertificatesUnchecked() ? unchecked : agent).dispatch(options, handler);
      const value: unknown = Reflect.get(agent, key, agent);
      return typeof value === 'function' ? (value as () => unknown).bind(agent) : value;
    },
  });
  parted.add(both);
  target[DISPATCHER] = both;
}

const parted = new WeakSet<Dispatching>();
