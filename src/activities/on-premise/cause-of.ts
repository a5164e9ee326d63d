import type { PerformError } from '../../components/runner/contract';
import type { TunnelFault } from './open-tunnel';

/** An error that says nothing of a network may come of a fault that it follows within so long, ms. */
const SOON_MS = 2000;

const CODES =
  /\b(?:ECONN(?:RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|ESOCKET(?:TIMEDOUT)?|ENOTCONN|E(?:HOST|NET)UNREACH|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE|PROTOCOL_CONNECTION_LOST)\b/;
const WHAT = '(?:connection|connecting|socket|stream|pipe)';
const ENDS =
  '(?:reset|closed|lost|refused|ended|terminated|aborted|broken|disconnected|hang up|time[ds]? ?out)';
const WORDS = new RegExp(
  `${WHAT}\\b.{0,40}\\b${ENDS}|\\b${ENDS}\\b.{0,20}\\b${WHAT}|premature close|other side closed|fetch failed|network error|^(?:terminated|aborted)$`,
  'i',
);
/** Addresses that an error names: in a URL, behind a code, or as IPv4 or `localhost` with a port. */
const ADDRESSES = [
  /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@]*@)?([^\s/?#"'`,;)]+)/gi,
  /\bE[A-Z]{3,} ([^\s/]+:\d{1,5})\b/g,
  /\b((?:\d{1,3}(?:\.\d{1,3}){3}|localhost):\d{1,5})\b/gi,
];

interface Way {
  port: number;
  /** Config variable of its connection. */
  configVarKey: string | undefined;
  fault: TunnelFault | undefined;
}

/**
 * The way whose fault a component's error plausibly comes of: the error names its port, or it is one of a network and
 * names no other address, or the fault was the last thing that happened there, right before.
 */
export function causeOf<W extends Way>(error: PerformError, ways: readonly W[]): W | undefined {
  if (error.code !== 'component_error') return undefined;
  const { code, status, url } = (error.details ?? {}) as Record<string, unknown>;
  // Somebody answered.
  if (typeof status === 'number') return undefined;
  const faulty = ways
    .filter(({ fault }) => fault !== undefined)
    .filter(({ configVarKey }) => (error.connectionConfigVar ?? configVarKey) === configVarKey)
    .toSorted((one, other) => (other.fault?.at ?? 0) - (one.fault?.at ?? 0));
  const text = [error.message, code, url].filter((part) => typeof part === 'string').join('\n');
  const named = addressesIn(text);
  if (named.length > 0) return faulty.find(({ port }) => named.some((one) => one.endsWith(`:${port}`)));
  if (CODES.test(text) || WORDS.test(error.message)) return faulty[0];
  return faulty.find(({ fault }) => fault?.isLast && Date.now() - fault.at < SOON_MS);
}

function addressesIn(text: string): string[] {
  return ADDRESSES.flatMap((pattern) => [...text.matchAll(pattern)].map(([, address = '']) => address));
}
