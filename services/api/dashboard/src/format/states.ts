import type { FenceCount, LiveEntry } from '@/api/types';
import { keyId, keyLabel } from './key';

export interface StateColor {
  id: string;
  label: string;
  color: string;
}

/** As many as the page has colours of one weight. */
const COLORS = 7;
const OTHER = 'var(--state-other)';

/**
 * A colour for each state, in the order of their names: however often each comes, it keeps its own. Where there are
 * more states than colours, the last share one.
 */
export function stateColors(entry: LiveEntry): StateColor[] {
  return (entry.groups ?? [])
    .map(({ key }) => ({ id: keyId(key), label: keyLabel(key) }))
    .sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
    .map((state, i) => ({ ...state, color: i < COLORS ? `var(--state-${i + 1})` : OTHER }));
}

/** The colour of a state; of a metric without states there is one. */
export function colorOf(colors: StateColor[], value: string | null): string {
  if (colors.length === 0) return 'var(--state-1)';
  return colors.find(({ id }) => id === keyId(value))?.color ?? OTHER;
}

/** How many rows of a fence are in a state; null where that was not told. */
export function countIn({ groups, value }: FenceCount, id: string): number | null {
  const told = groups.find(({ key }) => keyId(key) === id)?.value;
  const all = groups.reduce((sum, group) => sum + group.value, 0);
  return told ?? (all === value ? 0 : null);
}
