import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinComponents } from '../../../src/components/builtin-manifests';
import {
  type ComponentLookup,
  checkDefinition,
  compilePlan,
  describeFault,
  parseDefinition,
} from '../../../src/definition';

const folder = join(__dirname, '..', '..', '..', 'definitions');
const components = new Map(builtinComponents().map((found) => [found.manifest.key, found]));
const lookup: ComponentLookup = ({ key, isPublic }) => {
  const found = components.get(key);
  if (found === undefined) return { missing: 'component' };
  const { manifest, signature } = found;
  return { manifest, pin: { key, isPublic, version: 1, signature } };
};

describe.each(readdirSync(folder))('definitions/%s', (file) => {
  const { definition, faults } = parseDefinition(readFileSync(join(folder, file), 'utf8'));

  test('has no fault and no warning with the components that ship with Tenon', () => {
    const all = [...faults, ...(definition ? checkDefinition(definition, lookup) : [])];
    expect(all.map(describeFault)).toEqual([]);
    expect(compilePlan(definition!, lookup).flows.map(({ name }) => name)).toEqual(
      definition!.flows.map(({ name }) => name),
    );
  });

  test('says what it is, what each flow does, and what each config variable means', () => {
    const described = [definition!, ...definition!.flows, ...definition!.requiredConfigVars];
    for (const { description } of described) expect(description).toMatch(/^[A-Z].{10,}\.$/);
    expect(definition!.documentation).not.toBe('');
  });
});
