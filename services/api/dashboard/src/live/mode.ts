export type Mode = 'sse' | 'websocket' | 'polling';

const STORAGE_KEY = 'millrace.live';
const MODES: readonly string[] = ['sse', 'websocket', 'polling'];

function stored(): Mode | null {
  try {
    const value = localStorage.getItem(STORAGE_KEY);
    return value !== null && MODES.includes(value) ? (value as Mode) : null;
  } catch {
    return null;
  }
}

/** How the numbers are to reach this page: as its reader chose, or else as the pipeline declares. */
export class LiveMode {
  private chosen: Mode | null = stored();
  private declared: Mode = 'sse';
  private readonly listeners = new Set<() => void>();

  get = (): Mode => this.chosen ?? this.declared;

  choose(mode: Mode): void {
    this.change(() => {
      this.chosen = mode;
    });
    try {
      localStorage.setItem(STORAGE_KEY, mode);
    } catch {
      // Without storage the choice holds until the page is left.
    }
  }

  declare(mode: Mode): void {
    this.change(() => {
      this.declared = mode;
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private change(set: () => void): void {
    const before = this.get();
    set();
    if (this.get() === before) return;
    for (const listener of [...this.listeners]) listener();
  }
}
