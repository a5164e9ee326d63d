import type { Model, QueryFilter } from 'mongoose';
import type { LogLine } from '../../store/models/log.model';
import type { PageSource } from '../paging';

type Read = PageSource<LogLine>['read'];

/**
 * Reads lines in the order of time, those of one moment by their ids. Indexes have the time alone, since each byte of
 * theirs is written for every line: so the few lines of a moment in which a page begins or ends are put in order here.
 */
export function readByTime(model: Model<LogLine>, filter: QueryFilter<LogLine>, direction: 1 | -1): Read {
  const beyond = direction === 1 ? '$gt' : '$lt';
  const find = (condition: QueryFilter<LogLine>, limit: number) =>
    model.find({ $and: [filter, condition] }).limit(limit);
  const ofMoment = (timestamp: Date, limit: number, rest: QueryFilter<LogLine> = {}) =>
    find({ timestamp, ...rest }, limit)
      .sort({ timestamp: direction, _id: direction })
      .lean<LogLine[]>();
  return async ({ after, limit }) => {
    const [time, id] = (after ?? []) as [Date, string] | [];
    const begun = time ? await ofMoment(time, limit, { _id: { [beyond]: id } }) : [];
    const wanted = limit - begun.length;
    if (wanted === 0) return begun;
    const further = await find(time ? { timestamp: { [beyond]: time } } : {}, wanted)
      .sort({ timestamp: direction })
      .lean<LogLine[]>();
    const last = further.at(-1)?.timestamp;
    if (!last || further.length < wanted) return [...begun, ...inOrder(further, direction)];
    const whole = further.filter(({ timestamp }) => timestamp.getTime() !== last.getTime());
    const ended = await ofMoment(last, wanted - whole.length);
    return [...begun, ...inOrder(whole, direction), ...ended];
  };
}

function inOrder(lines: LogLine[], direction: 1 | -1): LogLine[] {
  return lines.toSorted((one, other) => {
    const apart = one.timestamp.getTime() - other.timestamp.getTime();
    return direction * (apart === 0 ? (one._id < other._id ? -1 : 1) : apart);
  });
}
