const UNITS: Record<string, [one: string, many: string]> = {
  s: ['second', 'seconds'],
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
};

function parse(window: string): [amount: number, unit: string] | null {
  const match = /^(\d+)([smhd])$/.exec(window);
  return match ? [Number(match[1]), match[2] as string] : null;
}

/** Windows that begin anew with each minute, hour or day. */
const CURRENT = ['minute', 'hour', 'day'];

/** For a button: "5m", "1h", "Day", "All". */
export function windowLabel(window: string): string {
  return window === 'all' || CURRENT.includes(window) ? window.charAt(0).toUpperCase() + window.slice(1) : window;
}

/** "5 minutes", "hour", "day". */
function windowPhrase(window: string): string {
  const parsed = parse(window);
  if (!parsed) return window;
  const [amount, unit] = parsed;
  const [one, many] = UNITS[unit] as [string, string];
  return amount === 1 ? one : `${amount} ${many}`;
}

/** "last 5 minutes", "last hour", "this day", "since the start". */
export function windowName(window: string): string {
  if (CURRENT.includes(window)) return `this ${window}`;
  return window === 'all' ? 'since the start' : `last ${windowPhrase(window)}`;
}

/** What a change is measured against: "previous 5 minutes". */
export function previousName(window: string): string {
  return `previous ${windowPhrase(window)}`;
}
