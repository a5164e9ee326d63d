import { seenPath } from './confinement';
import type { PerformRequest } from './contract';
import type { RunnerPlace } from './spawn-runner';

/** The bundles whose calls one process was given, by the paths under which it sees them. */
export class SeenBundles {
  readonly #given = new Set<string>();
  readonly #place: RunnerPlace;

  constructor(place: RunnerPlace) {
    this.#place = place;
  }

  /** Whether the process was given calls of a bundle, which it has loaded then. */
  has(bundlePath: string): boolean {
    return this.#given.has(bundlePath);
  }

  /** The request with the paths of bundles as the process sees them. */
  asSeen(request: PerformRequest): PerformRequest {
    const { bundlePath, reachable } = request;
    if (bundlePath === undefined) return request;
    this.#given.add(bundlePath);
    return {
      ...request,
      bundlePath: this.#seen(bundlePath),
      ...(reachable && {
        reachable: reachable.map((one) =>
          one.bundlePath === undefined ? one : { ...one, bundlePath: this.#seen(one.bundlePath) },
        ),
      }),
    };
  }

  #seen(path: string): string {
    const { confinement, wish } = this.#place;
    return seenPath(path, confinement, wish);
  }
}
