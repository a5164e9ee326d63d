import type { FaultList } from './fault-list';
import { didYouMean } from './nearest';
import type { Definition } from './schema';

/** Warns of renames to a name that is not there: nothing would keep its identity. */
export function checkRenames(definition: Definition, faults: FaultList): void {
  const { flows = [], requiredConfigVars = [] } = definition.renameAttributes ?? {};
  const check = (list: string, renames: { newName: string }[], names: string[]) => {
    renames.forEach(({ newName }, index) => {
      if (names.includes(newName)) return;
      const path = ['renameAttributes', list, index, 'newName'];
      const message = `Nothing is named "${newName}", so this rename has no effect.`;
      faults.warning('unknown_rename', path, message, () => didYouMean(newName, names));
    });
  };
  check(
    'flows',
    flows,
    definition.flows.map(({ name }) => name),
  );
  check(
    'requiredConfigVars',
    requiredConfigVars,
    definition.requiredConfigVars.map(({ key }) => key),
  );
}
