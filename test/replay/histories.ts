import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEvent } from '../workflow/driver-worker';

/** A recorded history, as Temporal exports it. */
export interface RecordedHistory {
  events: HistoryEvent[];
}

const FOLDER = join(__dirname, 'histories');

/** All recorded histories, by the name of their shape. */
export function readHistories(): { name: string; history: RecordedHistory; text: string }[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      return { name: file.slice(0, -'.json'.length), history: JSON.parse(text) as RecordedHistory, text };
    });
}

/** What says where a history was recorded: host and process, queues named after them, paths in stack traces. */
const ORIGIN: Record<string, string> = { identity: 'worker', stackTrace: '', normalName: 'tenon' };

/** The same events without a trace of the machine that they were recorded on. Replay needs none of it. */
export function withoutOrigin(events: HistoryEvent[]): HistoryEvent[] {
  return clean(events) as HistoryEvent[];
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, one]) => {
    if (key in ORIGIN) return [key, ORIGIN[key]];
    if (key === 'taskQueue') return [key, { ...(clean(one) as object), name: 'tenon' }];
    return [key, clean(one)];
  });
  return Object.fromEntries(entries) as unknown;
}
