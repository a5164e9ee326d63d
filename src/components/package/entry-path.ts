import { PackageError } from './package-error';

/** The longest name that common file systems take. */
const LONGEST_SEGMENT_BYTES = 255;

/**
 * The segments of an entry's path, safe to join to a folder. Throws a {@link PackageError} for a name that could
 * lead elsewhere, or that means something else on another system: absolute paths, drive letters, backslashes,
 * `.` and `..`, empty segments, control characters.
 */
export function entrySegments(name: string, pathLength: number): string[] {
  const segments = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  const fault = faultOf(name, segments, pathLength);
  if (fault !== undefined) throw new PackageError(`The entry ${quoted(name)} ${fault}.`);
  return segments;
}

function faultOf(name: string, segments: string[], pathLength: number): string | undefined {
  if (name.length > pathLength) return `has a path of more than ${pathLength} characters`;
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  if (name.includes('\\')) return 'has a backslash in its path';
  if (/\p{Cc}/u.test(name)) return 'has a control character in its path';
  if (segments.includes('..') || segments.includes('.')) return 'leads out of the package';
  if (segments.includes('')) return 'has an empty name in its path';
  if (segments.some((segment) => Buffer.byteLength(segment) > LONGEST_SEGMENT_BYTES))
    return `has a name of more than ${LONGEST_SEGMENT_BYTES} bytes`;
  return undefined;
}

const quoted = (name: string) => JSON.stringify(name.slice(0, 100));
