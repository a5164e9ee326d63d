import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionManifest, ComponentManifest, InputManifest } from '../../../src/components/manifest';
import {
  type ComponentLookup,
  checkDefinition,
  compilePlan,
  type Definition,
  describeFault,
  exportDefinition,
  parseDefinition,
} from '../../../src/definition';
import { readInput } from '../../../src/definition/input-tree';
import { stepSites } from '../../../src/definition/step-sites';

const FOLDER = join(__dirname, '../../../../shared/examples');
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /\.ya?ml$/.test(name)) : [];
if (files.length === 0) {
  process.stderr.write('skipped: the public example definitions (../shared/examples) are not there\n');
}

const inputs = (given: Record<string, unknown>): InputManifest[] =>
  Object.entries(given).map(([key, raw]): InputManifest => {
    const tree = readInput(raw, []);
    const isPairs = tree.type === 'list' && tree.items.some(({ name }) => name !== undefined);
    return { key, label: key, type: 'string', ...(isPairs ? { collection: 'keyvaluelist' } : {}) };
  });

/** Components that declare whatever the definition uses: what is wrong then is the definition's own. */
function permissive(definition: Definition): ComponentLookup {
  const manifests = new Map<string, ComponentManifest>();
  const manifestOf = (key: string, isPublic: boolean) => {
    const found = manifests.get(key) ?? {
      key,
      isPublic,
      display: { label: key, description: '' },
      actions: {},
      triggers: {},
      dataSources: {},
      connections: [],
    };
    manifests.set(key, found);
    return found;
  };
  definition.flows.forEach((flow, index) => {
    for (const { step } of stepSites(flow, index)) {
      const { key, component } = step.action;
      const manifest = manifestOf(component.key, component.isPublic);
      const table: Record<string, ActionManifest> = step.isTrigger ? manifest.triggers : manifest.actions;
      const known = table[key]?.inputs ?? [];
      const added = inputs(step.inputs).filter((one) => !known.some((other) => other.key === one.key));
      table[key] = {
        key,
        label: key,
        description: '',
        inputs: [...known, ...added],
        allowsBranching: step.branches !== undefined,
        ...(step.isTrigger ? { scheduleSupport: 'valid', synchronousResponseSupport: 'valid' } : {}),
      };
    }
  });
  for (const { connection, inputs: fields } of definition.requiredConfigVars) {
    if (connection === undefined) continue;
    const { key, isPublic } = connection.component;
    manifestOf(key, isPublic).connections.push({
      key: connection.key,
      label: connection.key,
      inputs: inputs(fields),
    });
  }
  return ({ key, isPublic }) => {
    const manifest = manifests.get(key);
    if (manifest === undefined) return { missing: 'component' };
    return { manifest, pin: { key, isPublic, version: 1, signature: 'permissive' } };
  };
}

const describeExamples = files.length === 0 ? describe.skip : describe;

describeExamples('the public examples', () => {
  test('reads and compiles every public example without a fault', () => {
    for (const file of files) {
      const { definition, faults } = parseDefinition(readFileSync(join(FOLDER, file), 'utf8'));
      expect({ file, faults: faults.map(describeFault) }).toEqual({ file, faults: [] });
      if (definition === undefined) throw new Error(`${file} cannot be read.`);
      const lookup = permissive(definition);
      const found = checkDefinition(definition, lookup).map(describeFault);
      expect({ file, found }).toEqual({ file, found: [] });
      expect(compilePlan(definition, lookup).flows.map(({ name }) => name)).toEqual(
        definition.flows.map(({ name }) => name),
      );
    }
  });

  test('exports every public example to the same data and a stable text', () => {
    for (const file of files) {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const first = exportDefinition(text);
      expect(exportDefinition(first)).toBe(first);
      expect(parseDefinition(first).definition).toEqual(parseDefinition(text).definition);
    }
  });

  test('places a fault of a public example at its line', () => {
    const file = 'split-payload-example.yml';
    const text = readFileSync(join(FOLDER, file), 'utf8')
      .replace('scheduleType', 'x')
      .replace('name: Chunks', 'name: GET request');
    const expected = text.split('\n').findIndex((line) => line.includes('name: GET request')) + 1;
    expect(parseDefinition(text).faults).toMatchObject([
      { code: 'duplicate_step_key', line: expected, column: 15 },
    ]);
  });
});
