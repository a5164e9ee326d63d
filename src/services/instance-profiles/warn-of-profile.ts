import type { Fault } from '../../definition';
import type { Deps } from '../context';
import { defaultProfile } from './default-profile';
import { findProfileNamed } from './find-instance-profile';

const KEY = 'defaultInstanceProfile';

/** The warning for a definition that names a profile which the organization lacks; none otherwise. */
export async function warnOfProfile(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  { text, name }: { text: string; name: string | undefined },
): Promise<Fault[]> {
  if (name === undefined) return [];
  const standard = await defaultProfile(deps, organizationId);
  if (await findProfileNamed(deps, organizationId, name)) return [];
  return [
    {
      code: 'unknown_instance_profile',
      severity: 'warning',
      message: `There is no instance profile ${JSON.stringify(name.slice(0, 200))}; instances get "${standard.name}".`,
      hint: 'Make one of that name, or give an instance another profile.',
      ...placeOf(text),
      path: KEY,
    },
  ];
}

/** A key of the root, at the beginning of a line or anywhere in a text written as JSON. */
function placeOf(text: string): { line: number; column: number } {
  const at = Math.max(0, text.search(new RegExp(`^["']?${KEY}["']?[ \\t]*:|["']${KEY}["'][ \\t]*:`, 'm')));
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
