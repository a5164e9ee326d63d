import type { RunnerPool } from '../components/runner/pool';

/** The same processes, whose calls go another way. */
export function withPerform(runners: RunnerPool, perform: RunnerPool['perform']): RunnerPool {
  const { confinement, bundleFolder } = runners;
  return {
    confinement,
    bundleFolder,
    perform,
    canStart: () => runners.canStart(),
    close: () => runners.close(),
  };
}
