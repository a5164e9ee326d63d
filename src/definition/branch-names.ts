import type { ActionManifest } from '../components/manifest';
import type { Path } from './fault';
import { type InputItem, readInput } from './input-tree';
import type { Input } from './schema';

interface BranchName {
  name: string;
  path: Path;
}

function literalName({ name, value }: InputItem): BranchName | undefined {
  const source = name ?? value;
  return source.type === 'value' ? { name: source.text, path: source.path } : undefined;
}

/**
 * The branches that a step can choose, as far as the definition tells: those that the component names, and the names
 * in the input that holds them. Nothing when some are known only at run time.
 */
export function branchNames(
  inputs: Record<string, Input>,
  path: Path,
  declared: ActionManifest,
): BranchName[] | undefined {
  const fixed = (declared.staticBranchNames ?? []).map((name) => ({ name, path }));
  const key = declared.dynamicBranchInput;
  if (key === undefined) return declared.staticBranchNames === undefined ? undefined : fixed;
  if (!Object.hasOwn(inputs, key)) return undefined;
  const tree = readInput(inputs[key], [...path, key]);
  if (tree.type !== 'list') return undefined;
  const names = tree.items.map(literalName);
  if (!names.every((name) => name !== undefined)) return undefined;
  return [...fixed, ...names.filter(({ name }) => name !== '')];
}
