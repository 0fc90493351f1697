import type { TimelineMark } from '../../../contract/rpc.ts';
import type { Range } from '../../stores/moments.ts';

export type MarkGroup = {
  /** Of its first mark: a group stays what it is while the range grows under the pointer. */
  readonly key: string;
  /** Share of the range, 0 to 1. */
  readonly at: number;
  readonly kind: TimelineMark['kind'];
  readonly marks: readonly TimelineMark[];
};

export const MARK_SIGNS: Readonly<Record<TimelineMark['kind'], string>> = {
  fault: '◆',
  event: '▲',
  command: '●',
};

/** What is seen of several in one place. */
const RANK: Readonly<Record<TimelineMark['kind'], number>> = { fault: 2, event: 1, command: 0 };

export const markKey = ({ seq, text }: TimelineMark) => `${seq} ${text}`;

/** Marks of a range in so many places: what would stand on each other stands together. */
export function groupMarks(
  marks: readonly TimelineMark[],
  { fromUs, toUs }: Range,
  places: number,
): readonly MarkGroup[] {
  const groups = new Map<number, TimelineMark[]>();
  for (const mark of marks) {
    if (mark.us < fromUs || mark.us > toUs) continue;
    const place = Math.min(places - 1, Math.floor(((mark.us - fromUs) / (toUs - fromUs)) * places));
    groups.set(place, [...(groups.get(place) ?? []), mark]);
  }
  return [...groups]
    .toSorted(([one], [other]) => one - other)
    .map(([place, members]) => {
      const [first] = members.toSorted((one, other) => RANK[other.kind] - RANK[one.kind]);
      const at = (place + 0.5) / places;
      return { key: markKey(members[0]), at, kind: first.kind, marks: members };
    });
}
