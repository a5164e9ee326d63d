import { DevError, reasonOf } from '../dev-error';

/** Calls our own REST API, as a customer's script would. */
export interface ApiClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** False for what is not there. */
  exists(path: string): Promise<boolean>;
}

interface Problem {
  title?: string;
  detail?: string;
  errors?: { field?: string; messages?: string[]; message?: string }[];
}

class NotFound extends DevError {}

const TIMEOUT_MS = 30_000;

/** Paths are below `/api/v1`. A refusal becomes one sentence with what the API said. */
export function createApiClient(apiUrl: string, accessToken: string, signal: AbortSignal): ApiClient {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${apiUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new DevError(`${method} ${path} got no answer from the API: ${reasonOf(error)}.`);
    });
    const text = await response.text();
    if (response.status === 404) throw new NotFound(`${method} ${path} found nothing: ${describe(text)}`);
    if (!response.ok) {
      throw new DevError(`${method} ${path} was refused (${response.status}): ${describe(text)}`);
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body = {}) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    async exists(path) {
      try {
        await call('GET', path);
        return true;
      } catch (error) {
        if (error instanceof NotFound) return false;
        throw error;
      }
    },
  };
}

function describe(text: string): string {
  try {
    const problem = JSON.parse(text) as Problem;
    const faults = (problem.errors ?? []).map((fault) =>
      [fault.field, fault.message ?? fault.messages?.join(' ')].filter(Boolean).join(': '),
    );
    return [problem.detail ?? problem.title ?? text, ...faults].join(' ');
  } catch {
    return text.slice(0, 300);
  }
}
