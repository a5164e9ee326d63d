/** The bare id of an execution that a door named by its global id. */
const bareId = (globalId: string) => Buffer.from(globalId, 'base64').toString().split(':')[1]!;

/** Posts JSON to an asynchronous webhook; the execution's id when it was answered 2xx, null otherwise. */
export async function deliver(url: string, body: unknown): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return response.ok ? bareId((JSON.parse(text) as { executionId: string }).executionId) : null;
  } catch {
    return null;
  }
}

/** The bare id of the execution that a webhook's answer names. */
export const executionIdIn = (response: Response): string =>
  bareId(response.headers.get('prismatic-executionid') ?? '');
