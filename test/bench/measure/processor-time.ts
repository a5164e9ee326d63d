import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process whose use of the machine is told under a name. */
export interface ProcessGroup {
  name: string;
  pid: () => number | undefined;
  /** Tells the processes below it apart, under this name. */
  childrenName?: string;
}

/** Milliseconds of processor time by name. */
export type ProcessorTimes = Record<string, number>;

let tickMs: number | undefined;

/** What each process below another had taken when it was last looked at: a killed one leaves its time to nobody. */
const belowOf = new Map<number, Map<number, number>>();

/** Processor time since their start, of processes below them that have ended too; nothing where there is no /proc. */
export function readProcessorTimes(groups: ProcessGroup[]): ProcessorTimes {
  const times: ProcessorTimes = {};
  for (const { name, pid, childrenName } of groups) {
    const id = pid();
    const own = id === undefined ? undefined : readTimes(id);
    if (id === undefined || own === undefined) continue;
    times[name] = own;
    if (childrenName !== undefined) times[childrenName] = readBelow(id);
  }
  return times;
}

function readBelow(top: number): number {
  const below = belowOf.get(top) ?? new Map<number, number>();
  belowOf.set(top, below);
  for (const pid of descendantsOf(top)) below.set(pid, readTimes(pid) ?? below.get(pid) ?? 0);
  return sumOf([...below.values()]);
}

/** Resident memory in MiB by name; nothing where there is no /proc. */
export function readResidentMb(groups: ProcessGroup[]): Record<string, number> {
  const resident: Record<string, number> = {};
  for (const { name, pid, childrenName } of groups) {
    const id = pid();
    if (id === undefined) continue;
    resident[name] = residentMbOf(id);
    if (childrenName !== undefined) resident[childrenName] = sumOf(descendantsOf(id).map(residentMbOf));
  }
  return resident;
}

export const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

function residentMbOf(pid: number): number {
  const status = readText(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Children and theirs: a runner may stand behind a program that confines it. */
function descendantsOf(pid: number): number[] {
  const text = readText(`/proc/${pid}/task/${pid}/children`).trim();
  const children = text === '' ? [] : text.split(/\s+/).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function readTimes(pid: number): number | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  // The command name stands in parentheses and may hold spaces; fixed fields follow the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  return (user + system) * msPerTick();
}

function msPerTick(): number {
  tickMs ??= 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return tickMs;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
