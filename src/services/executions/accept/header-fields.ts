import { validateHeaderName, validateHeaderValue } from 'node:http';

/** Whether Node.js sends a header of that name. */
export function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch {
    return false;
  }
}

/** Whether Node.js sends that text as a header's value. */
export function isHeaderValue(text: string): boolean {
  try {
    validateHeaderValue('any', text);
    return true;
  } catch {
    return false;
  }
}
