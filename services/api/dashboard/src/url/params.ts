import { useCallback, useSyncExternalStore } from 'react';

/** What a reader chose stands in the address, so that a link shows the same. */
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
};

function write(name: string, value: string | null, keepInHistory: boolean): void {
  const url = new URL(location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  history[keepInHistory ? 'pushState' : 'replaceState'](null, '', url);
  for (const listener of [...listeners]) listener();
}

export function useParam(name: string) {
  const value = useSyncExternalStore(subscribe, () => new URLSearchParams(location.search).get(name));
  const set = useCallback(
    (next: string | null, keepInHistory = false) => write(name, next, keepInHistory),
    [name],
  );
  return [value, set] as const;
}

/** Goes to another page of the dashboard. */
export function navigate(address: string): void {
  history.pushState(null, '', address);
  for (const listener of [...listeners]) listener();
}

/** Changes several parameters at once; null removes one. */
export function setParams(values: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, '', url);
  for (const listener of [...listeners]) listener();
}

export const LIVE = '/dashboard/';
export const HISTORY = '/dashboard/history';

/** Which page is open. */
export function usePage(): 'live' | 'history' {
  return useSyncExternalStore(subscribe, () => (location.pathname.replace(/\/$/, '') === HISTORY ? 'history' : 'live'));
}

/** The window chosen for a metric: the one in the address if it is declared, else the given one. */
export function useWindow(metric: string, windows: string[], initial: string) {
  const [value, set] = useParam(`window.${metric}`);
  const chosen = value !== null && windows.includes(value) ? value : initial;
  const choose = useCallback((next: string) => set(next === initial ? null : next), [set, initial]);
  return [chosen, choose] as const;
}

/** Which panel is open over the page: "dead-letters" or "metric:<name>". */
export function useOpenPanel() {
  const [value, set] = useParam('open');
  const open = useCallback((panel: string) => set(panel, true), [set]);
  const close = useCallback(() => set(null), [set]);
  return { panel: value, open, close };
}
