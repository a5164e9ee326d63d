import type { Consent } from '../../../store/models/consent.model';
import type { Deps } from '../../context';
import { startFlowsOfUser } from '../../user-configs/user-flows';
import { type Grant, grantFields } from '../grant';
import { keyedDigest } from '../keyed-digest';
import { requestToken } from '../request-token';
import { plain } from '../token-answer';
import { TokenFailure } from '../token-failure';
import { type ConsentDeps, type ConsentMemory, digestOf, redirectUriOf } from './begin-consent';
import { storeConsentFault, storeConsentGrant } from './store-consent';
import { sameText } from './ticket';

/** How a consent ended, for the browser. */
export interface ConsentEnd {
  isGranted: boolean;
  /** Why not. */
  reason: string;
  /** Where the definition sends the browser; absent for a page of ours. */
  redirectUri: string | undefined;
}

/** Of the answer's query; they are no data of the account. */
const PROTOCOL = new Set([
  'code',
  'state',
  'iss',
  'session_state',
  'error',
  'error_description',
  'error_uri',
]);

/**
 * Takes the provider's answer, which the browser brings: exchanges the code for a token and stores it. An answer
 * whose state is unknown, used, too old, changed, or of another browser changes nothing. A refusal leaves a former
 * token as it is.
 */
export async function finishConsent(
  deps: Deps,
  answer: URLSearchParams,
  browser: string,
): Promise<ConsentEnd> {
  const consent = await takeConsent(deps, answer.get('state') ?? '', browser);
  if (!consent) {
    const reason = 'This answer was used already, came too late, or belongs to another browser. Begin again.';
    return { isGranted: false, reason, redirectUri: undefined };
  }
  const memory = JSON.parse(deps.sealer.open(consent.sealed)) as ConsentMemory;
  try {
    const askedAt = new Date();
    const grant = await grantOf(deps, memory, answer);
    const fields = grantFields(deps.sealer, 'authorization_code', grant, askedAt);
    await storeConsentGrant(deps, consent, fields);
    if (consent.userConfigId) await startFlowsOfUser(deps, consent.userConfigId);
    return { isGranted: true, reason: '', redirectUri: memory.successRedirectUri };
  } catch (error) {
    if (!(error instanceof TokenFailure)) throw error;
    await storeConsentFault(deps, consent, error.message);
    return { isGranted: false, reason: error.message, redirectUri: memory.failureRedirectUri };
  }
}

/** Finds what was kept at the start and removes it, so that no second answer finds it. */
async function takeConsent(deps: ConsentDeps, state: string, browser: string): Promise<Consent | null> {
  const [nonce = '', signature = ''] = state.split('.', 2);
  if (!sameText(signature, keyedDigest(deps.env, 'state', nonce))) return null;
  return deps.store.consents
    .findOneAndDelete({
      _id: digestOf(nonce),
      browserKey: digestOf(browser),
      expiresAt: { $gt: new Date() },
    })
    .lean<Consent>();
}

async function grantOf(
  deps: ConsentDeps,
  { settings, verifier }: ConsentMemory,
  answer: URLSearchParams,
): Promise<Grant> {
  const [error, description, issuer, code] = ['error', 'error_description', 'iss', 'code'].map(
    (name) => answer.get(name) ?? '',
  );
  if (error) {
    const said = [error, description].filter(Boolean).join(': ');
    throw new TokenFailure(plain(`The provider refused: ${said}`), true);
  }
  if (!code) throw new TokenFailure('The provider sent no code.', true);
  if (issuer && !isIssuedBy(issuer, [settings.authorizeUrl, settings.tokenUrl]))
    throw new TokenFailure(`The answer came from another provider: ${plain(issuer)}`, true);
  const token = await requestToken(deps, settings, {
    by: 'code',
    code,
    redirectUri: redirectUriOf(deps.env),
    verifier,
  });
  const context = Object.fromEntries([...answer].filter(([name]) => !PROTOCOL.has(name)));
  return { token, context };
}

/**
 * One callback serves all providers, so one of them might pass on the answer of another (RFC 9207). Those that name
 * themselves must be the one that was asked.
 */
function isIssuedBy(issuer: string, urls: string[]): boolean {
  if (!URL.canParse(issuer)) return false;
  return urls.some((url) => new URL(url).origin === new URL(issuer).origin);
}
