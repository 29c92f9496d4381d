import { api } from '@/api/client';
import type { Group, LiveEntry } from '@/api/types';
import { keyId } from '@/format/key';
import { useRefreshed } from '@/live/useRefreshed';

/** The most the API gives at once. */
const PAGE_LIMIT = 1_000;

async function load(metric: string, window: string, count: number): Promise<{ groups: Group[]; total: number }> {
  // Groups move between pages while they are fetched; the first sight of a key counts.
  const byKey = new Map<string, Group>();
  let total = 0;
  for (let offset = 0; offset < count; offset += PAGE_LIMIT) {
    const limit = Math.min(PAGE_LIMIT, count - offset);
    const page = await api.metric(metric, { window, limit, offset });
    for (const group of page.groups ?? []) {
      if (!byKey.has(keyId(group.key))) byKey.set(keyId(group.key), group);
    }
    total = page.totalGroups ?? byKey.size;
    if (offset + limit >= total) break;
  }
  return { groups: [...byKey.values()], total: Math.max(total, byKey.size) };
}

/** The highest `count` groups, fetched anew as the live entry moves. */
export function useGroups(metric: string, window: string, count: number, entry: LiveEntry | undefined) {
  const question = `${metric} ${window} ${count}`;
  const { answer, error, retry } = useRefreshed(question, entry, () => load(metric, window, count));
  const groups = answer?.groups ?? entry?.groups ?? [];
  return { groups, total: answer?.total ?? entry?.totalGroups ?? groups.length, error, retry };
}
