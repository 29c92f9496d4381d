const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });

/** Epoch milliseconds, or null for anything that is no time. */
export function parseTime(iso: string | null | undefined): number | null {
  if (!iso) return null;
  const time = Date.parse(iso);
  return Number.isNaN(time) ? null : time;
}

export const formatClock = (millis: number) => clock.format(millis);

export const formatDateTime = (millis: number) => `${dayAndYear.format(millis)}, ${clock.format(millis)}`;

/** The reader's time zone, such as "CET" or "UTC". */
export function zoneName(millis: number): string {
  return zone.formatToParts(millis).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

/** A bucket's start, as precise as the bucket is wide. */
export function formatBucket(epochSeconds: number, bucketSeconds: number): string {
  const millis = epochSeconds * 1000;
  if (bucketSeconds >= 86_400) return day.format(millis);
  if (bucketSeconds >= 3_600) return `${day.format(millis)}, ${minute.format(millis)}`;
  return bucketSeconds >= 60 ? minute.format(millis) : clock.format(millis);
}

const AGO: [limitSeconds: number, divisor: number, name: string][] = [
  [60, 1, 's'],
  [3_600, 60, 'min'],
  [86_400, 3_600, 'h'],
];

/** "12 s ago", "3 min ago"; older than a day as a date. */
export function formatAgo(millis: number, nowMillis: number): string {
  const seconds = Math.max(0, Math.round((nowMillis - millis) / 1000));
  if (seconds < 2) return 'just now';
  const unit = AGO.find(([limit]) => seconds < limit);
  return unit ? `${Math.floor(seconds / unit[1])} ${unit[2]} ago` : formatDateTime(millis);
}
