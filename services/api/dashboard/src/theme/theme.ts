export type ThemeChoice = 'light' | 'dark' | 'system';
export type Theme = 'light' | 'dark';

// public/theme.js reads the same entry before the first paint.
const STORAGE_KEY = 'millrace.theme';
const darkSystem = matchMedia('(prefers-color-scheme: dark)');
// Kept, not asked for on every render: a query that was read after it turned announces no change any more.
let systemTheme: Theme = darkSystem.matches ? 'dark' : 'light';
const listeners = new Set<() => void>();

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(STORAGE_KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

let choice: ThemeChoice = stored();

export const getChoice = (): ThemeChoice => choice;

export const getTheme = (): Theme => (choice === 'system' ? systemTheme : choice);

function apply(): void {
  document.documentElement.dataset.theme = getTheme();
  for (const listener of [...listeners]) listener();
}

export function choose(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // Without storage the choice holds until the page is left.
  }
  apply();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

darkSystem.addEventListener('change', (event) => {
  systemTheme = event.matches ? 'dark' : 'light';
  apply();
});
