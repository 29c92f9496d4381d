/** How values are written. One language, so that numbers agree with the English around them. */
const LOCALE = 'en-US';

const exactNumber = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 6 });
const shortNumber = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const compactNumber = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 4 });
const tickNumber = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 3 });
const exactPercent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 4 });
const shortPercent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 });

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** Values from here on are shortened; below, every digit is shown. */
const COMPACT_FROM = 1_000_000;

export const MISSING = '–';

function isCurrency(unit: string): boolean {
  return /^[A-Z]{3}$/.test(unit);
}

function currency(unit: string, options: Intl.NumberFormatOptions): Intl.NumberFormat | null {
  try {
    return new Intl.NumberFormat(LOCALE, { style: 'currency', currency: unit, ...options });
  } catch {
    return null;
  }
}

function bytes(value: number): string {
  const size = Math.abs(value);
  const step = size < 1024 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(size) / 10));
  const scaled = value / 1024 ** step;
  const digits = step === 0 || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return `${scaled.toLocaleString(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${BYTE_UNITS[step]}`;
}

function milliseconds(value: number): string {
  const size = Math.abs(value);
  if (size < 1_000) return `${shortNumber.format(value)} ms`;
  if (size < 60_000) return `${shortNumber.format(value / 1_000)} s`;
  if (size < 3_600_000) return `${shortNumber.format(value / 60_000)} min`;
  return `${shortNumber.format(value / 3_600_000)} h`;
}

function plain(value: number): string {
  return Math.abs(value) >= COMPACT_FROM ? compactNumber.format(value) : shortNumber.format(value);
}

/** A value as it stands on a card. `percent` values are ratios: 0.25 is 25%. */
export function formatValue(value: number | null | undefined, unit: string | null): string {
  if (value == null || !Number.isFinite(value)) return MISSING;
  switch (unit) {
    case null:
    case '':
      return plain(value);
    case 'percent':
      return shortPercent.format(value);
    case 'bytes':
      return bytes(value);
    case 'ms':
    case 'milliseconds':
      return milliseconds(value);
    case 's':
    case 'seconds':
      return milliseconds(value * 1_000);
  }
  if (isCurrency(unit)) {
    const options: Intl.NumberFormatOptions =
      Math.abs(value) >= COMPACT_FROM
        ? { notation: 'compact', maximumSignificantDigits: 4 }
        : { maximumFractionDigits: Math.abs(value) >= 10_000 ? 0 : undefined };
    const format = currency(unit, options);
    if (format) return format.format(value);
  }
  return `${plain(value)} ${unit}`;
}

/** Every digit, for tooltips and screen readers. */
export function formatExact(value: number | null | undefined, unit: string | null): string {
  if (value == null || !Number.isFinite(value)) return 'no value';
  if (!unit) return exactNumber.format(value);
  if (unit === 'percent') return exactPercent.format(value);
  const format = isCurrency(unit) ? currency(unit, { maximumFractionDigits: 6 }) : null;
  return format ? format.format(value) : `${exactNumber.format(value)} ${unit}`;
}

/** Short, for the ticks of an axis. */
export function formatTick(value: number, unit: string | null): string {
  if (unit === 'percent') return shortPercent.format(value);
  if (unit === 'bytes') return bytes(value).replace(/\.0+(?= )/, '');
  if (unit === 'ms' || unit === 'milliseconds') return milliseconds(value);
  if (unit === 's' || unit === 'seconds') return milliseconds(value * 1_000);
  if (unit && isCurrency(unit)) {
    const format = currency(unit, { notation: 'compact', maximumSignificantDigits: 3 });
    if (format) return format.format(value);
  }
  return tickNumber.format(value);
}

/** Events per second: one decimal while that matters. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return '0';
  if (perSecond < 0.1) return '<0.1';
  return perSecond < 10 ? perSecond.toFixed(1) : plain(Math.round(perSecond));
}

export function formatCount(value: number): string {
  return plain(value);
}
