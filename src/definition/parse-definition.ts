import { checkEndpoint } from './check-endpoint';
import { checkFlowFields } from './check-fields';
import { checkFlowRules } from './check-flow-rules';
import { checkKeys } from './check-keys';
import { checkNames } from './check-names';
import { checkRenames } from './check-renames';
import { checkSchedules } from './check-schedules';
import { checkValues } from './check-values';
import { rememberSource } from './definition-source';
import type { Fault } from './fault';
import { FaultList } from './fault-list';
import { readFormatVersion } from './format-version';
import { readYaml, type YamlFault, type YamlText } from './read-yaml';
import type { Definition } from './schema';
import { readShape } from './shape';
import { createSourceMap } from './source-map';
import { stepNameAt } from './step-name';
import { yamlData } from './yaml-data';

export interface ParsedDefinition {
  /**
   * Absent when the text cannot be read at all. With errors among the faults it is there for further checks only:
   * broken places hold neutral values.
   */
  definition?: Definition;
  faults: Fault[];
}

function addYamlFaults(found: readonly YamlFault[], yaml: YamlText, faults: FaultList): void {
  for (const { code, path, message, hint, offset } of found) {
    const { line, col } = yaml.lines.linePos(offset);
    faults.error(code, path ?? [], message, hint, {
      position: { line: Math.max(1, line), column: Math.max(1, col) },
    });
  }
}

/** Reads YAML text as a definition; all faults of the text are reported at once, in its order. Never throws. */
export function parseDefinition(text: string): ParsedDefinition {
  const yaml = readYaml(text);
  const read = yaml.root === undefined ? undefined : yamlData(yaml.root);
  const map = createSourceMap(yaml.root, yaml.lines, (node) => read?.follow(node), text);
  const faults = new FaultList({
    locate: (path, at) => map.locate(path, at),
    locateWithin: (path, inner) => map.locateWithin(path, inner),
    stepName: (path) => stepNameAt(read?.data, path),
  });
  addYamlFaults([...yaml.faults, ...(read?.faults ?? [])], yaml, faults);
  if (read === undefined || read.isRefused) return { faults: faults.list() };
  const root = readFormatVersion(read.data, faults);
  const definition = root === undefined ? undefined : readShape(root, faults);
  if (definition === undefined) return { faults: faults.list() };
  checkNames(definition, faults);
  checkFlowRules(definition, faults);
  definition.flows.forEach((flow, index) => {
    checkFlowFields(flow, index, faults);
  });
  checkEndpoint(definition, faults);
  checkRenames(definition, faults);
  checkSchedules(definition, faults);
  checkValues(definition, faults);
  checkKeys(definition, faults);
  const list = faults.list();
  rememberSource(definition, { list: faults, faults: list });
  return { definition, faults: list };
}
