import { X } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { GroupKey, Metric, Step } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { keyId, keyLabel, measureLabel } from '@/format/key';
import { formatCount, formatExact, formatValue, MISSING } from '@/format/number';
import { parseTime } from '@/format/time';
import { cn } from '@/lib/cn';
import { ChangeBadge, ChangeText } from '@/panels/ChangeBadge';
import { HistoryChart } from './HistoryChart';
import { STEP_MS } from './range';
import type { Past } from './useHistory';

const SHOWN_ROWS = 60;
const SHOWN_GROUPS = 20;

const dayOfUtc = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** A step's beginning on the reader's clock; a day is one of UTC, wherever the reader is. */
function formatStep(epochSeconds: number, step: Step, withDay: boolean): string {
  const millis = epochSeconds * 1000;
  if (step === 'day') return dayOfUtc.format(millis);
  return withDay ? `${day.format(millis)}, ${minute.format(millis)}` : minute.format(millis);
}

interface Props {
  metric: Metric;
  title: string;
  group: GroupKey | undefined;
  past: Past;
  /** Whether another answer is on its way. */
  busy: boolean;
  onGroup: (group: GroupKey | undefined) => void;
}

/** What a metric was: in one number, as a chart, by groups and step by step. */
export function HistoryCard({ metric, title, group, past, busy, onGroup }: Props) {
  const { current, previous } = past;
  const { step, unit } = current;
  const from = parseTime(current.from) ?? 0;
  const to = parseTime(current.to) ?? 0;
  const withDay = to - from > STEP_MS.day / 2;
  const formatTime = useCallback((seconds: number) => formatStep(seconds, step, withDay), [step, withDay]);
  const { times, values, earlier } = useMemo(
    () => ({
      times: current.points.map(({ t }) => (parseTime(t) ?? 0) / 1000),
      values: current.points.map(({ value }) => value),
      earlier: current.points.map((_, i) => previous.points[i]?.value ?? null),
    }),
    [current, previous],
  );
  const known = values.some((value) => value !== null);
  const by = group === undefined ? '' : `, ${keyLabel(group)}`;
  const length = formatCount(values.length);
  return (
    <div className={cn('flex flex-col gap-4 transition-opacity', busy && 'opacity-60')} aria-busy={busy}>
      <Card aria-label={`${title}${by}`} data-testid="history-card" className="p-5 sm:p-6">
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
          <div className="min-w-0">
            <h2 className="text-lg font-semibold tracking-[-0.015em] break-words">
              {title}
              {group !== undefined && <span className="font-normal text-muted"> · {keyLabel(group)}</span>}
            </h2>
            <p className="mt-0.5 text-[13px] break-words text-muted">
              {measureLabel(metric)}
              {metric.by?.length ? ` by ${metric.by.join(', ')}` : ''} · {formatStep(from / 1000, step, true)} to{' '}
              {step === 'day' ? formatStep(to / 1000 - 1, step, true) : formatStep(to / 1000, step, true)}
              {step === 'day' && ' (days of UTC)'}
            </p>
          </div>
          <div className="flex flex-wrap items-end gap-x-4 gap-y-1">
            <p
              data-testid="history-value"
              data-value={current.value ?? ''}
              title={formatExact(current.value, unit)}
              className="text-3xl leading-9 font-medium tracking-[-0.03em]"
            >
              {current.estimated && (
                <span className="text-muted" title={`Estimated; standard error ${formatValue(current.error ?? 0, 'percent')}`}>
                  <span aria-hidden>≈ </span>
                  <span className="sr-only">about </span>
                </span>
              )}
              {current.value === null ? MISSING : formatValue(current.value, unit)}
            </p>
            <ChangeBadge entry={{ value: current.value, previous: previous.value, window: 'period' }} unit={unit} />
          </div>
        </div>
        {known ? (
          <>
            <div className="mt-5">
              <HistoryChart
                label={`${title}${by}, ${length} ${step}s, beside the ${length} before`}
                times={times}
                values={values}
                previous={earlier}
                unit={unit}
                stepSeconds={STEP_MS[step] / 1000}
                formatTime={formatTime}
              />
            </div>
            <ul className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-xs text-muted" aria-label="Lines">
              <li className="flex items-center gap-2">
                <span aria-hidden className="h-0.5 w-5 bg-accent" /> this period
              </li>
              <li className="flex items-center gap-2">
                <span aria-hidden className="w-5 border-t-2 border-dashed border-muted" /> the period before
              </li>
              {current.points.some(({ estimated }) => estimated) && (
                <li>{metric.approximate ? 'numbers' : 'numbers of more than one minute'} are estimates, within {formatValue(current.error ?? 0, 'percent')} mostly</li>
              )}
            </ul>
          </>
        ) : (
          <p className="mt-5 flex min-h-40 items-center justify-center rounded-xl bg-sunken p-6 text-center text-muted" data-testid="history-empty">
            Nothing is known of this time: history began later, or is kept for a shorter time. Choose another range.
          </p>
        )}
      </Card>
      {known && (
        <div className={cn('grid gap-4', group === undefined && current.groups && 'lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]')}>
          {group === undefined && current.groups && <Groups metric={metric} past={past} onGroup={onGroup} />}
          <Points past={past} times={times} title={`${title}${by}`} />
        </div>
      )}
      {group !== undefined && (
        <Button className="w-fit" onClick={() => onGroup(undefined)}>
          <X aria-hidden /> All groups
        </Button>
      )}
    </div>
  );
}

function Groups({ metric, past, onGroup }: { metric: Metric; past: Past; onGroup: Props['onGroup'] }) {
  const { current, previous } = past;
  const groups = current.groups ?? [];
  const [all, setAll] = useState(false);
  const shown = all ? groups : groups.slice(0, SHOWN_GROUPS);
  const before = new Map((previous.groups ?? []).map(({ key, value }) => [keyId(key), value]));
  const complete = (previous.totalGroups ?? 0) <= (previous.groups ?? []).length && previous.other == null;
  const highest = Math.max(0, ...groups.map(({ value }) => value ?? 0));
  return (
    <Card aria-labelledby="history-groups" className="flex min-w-0 flex-col p-5">
      <div className="flex items-baseline justify-between gap-3">
        <h3 id="history-groups" className="text-[15px] font-semibold">
          By {metric.by?.join(', ')}
        </h3>
        <span className="text-xs text-muted">
          {formatCount(current.totalGroups ?? 0)}
          {current.other != null && ' or more'}
        </span>
      </div>
      {groups.length === 0 && <p className="mt-4 text-muted">No groups in this time.</p>}
      <ol className="mt-3 grid grid-cols-[minmax(0,1fr)_minmax(3.75rem,auto)_minmax(3.5rem,auto)] gap-x-3" data-testid="history-groups">
        {shown.map(({ key, value }) => (
          <li key={keyId(key)} className="col-span-full grid h-9 grid-cols-subgrid items-center">
            <button
              type="button"
              onClick={() => onGroup(key)}
              title={`${keyLabel(key)}: show this group alone`}
              className="relative flex h-8 min-w-0 items-center rounded-md text-left hover:bg-sunken"
            >
              <span
                aria-hidden
                className="absolute inset-y-0 left-0 w-full origin-left rounded-md bg-bar"
                style={{ transform: `scaleX(${highest > 0 ? Math.max(0.006, (value ?? 0) / highest) : 0.006})` }}
              />
              <span className={cn('relative truncate px-2.5 text-[13px]', key === null && 'text-muted italic')}>{keyLabel(key)}</span>
            </button>
            <span className="text-right">
              <ChangeText
                value={value ?? 0}
                previous={before.get(keyId(key)) ?? (complete && previous.value !== null ? 0 : null)}
                unit={current.unit}
              />
            </span>
            <span className="text-right text-[13px] font-medium" title={formatExact(value, current.unit)}>
              {formatValue(value, current.unit)}
            </span>
          </li>
        ))}
      </ol>
      {groups.length > SHOWN_GROUPS && (
        <Button variant="ghost" className="mt-2 w-fit" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `The first ${groups.length}`}
        </Button>
      )}
      {current.other != null && (
        <p className="mt-3 text-xs text-muted">
          Of each {current.step} the {formatCount(current.groupsKept ?? 0)} highest groups are kept; the rest together:{' '}
          {formatValue(current.other, current.unit)}.
        </p>
      )}
    </Card>
  );
}

function Points({ past, times, title }: { past: Past; times: number[]; title: string }) {
  const { current, previous } = past;
  const { step, unit } = current;
  const [all, setAll] = useState(false);
  const rows = current.points.map((point, i) => ({ time: times[i] ?? 0, value: point.value, estimated: point.estimated, before: previous.points[i]?.value ?? null }));
  rows.reverse();
  const shown = all ? rows : rows.slice(0, SHOWN_ROWS);
  return (
    <Card className="flex min-w-0 flex-col p-5">
      <h3 className="text-[15px] font-semibold" id="history-points">
        {step.charAt(0).toUpperCase() + step.slice(1)} by {step}
      </h3>
      <div
        role="region"
        aria-labelledby="history-points"
        tabIndex={0}
        className="relative mt-3 max-h-[45rem] min-h-0 overflow-auto rounded-md"
      >
        <table className="w-full text-[13px]" data-testid="history-table">
          <caption className="sr-only">{title}, newest first</caption>
          <thead className="sticky top-0 bg-surface text-left text-xs text-muted">
            <tr>
              <th scope="col" className="py-2 pr-3 font-medium">
                {step === 'day' ? 'Day' : 'From'}
              </th>
              <th scope="col" className="py-2 pr-3 text-right font-medium">
                Value
              </th>
              <th scope="col" className="py-2 pr-3 text-right font-medium">
                Before
              </th>
              <th scope="col" className="py-2 text-right font-medium">
                Change
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ time, value, estimated, before }) => (
              <tr key={time} className="border-t">
                <th scope="row" className="py-1.5 pr-3 text-left font-normal whitespace-nowrap">
                  {formatStep(time, step, true)}
                </th>
                <td className="py-1.5 pr-3 text-right font-medium" title={formatExact(value, unit)}>
                  {value === null ? MISSING : `${estimated ? '≈ ' : ''}${formatValue(value, unit)}`}
                </td>
                <td className="py-1.5 pr-3 text-right text-muted" title={formatExact(before, unit)}>
                  {before === null ? MISSING : formatValue(before, unit)}
                </td>
                <td className="py-1.5 text-right">
                  {value === null ? null : <ChangeText value={value} previous={before} unit={unit} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN_ROWS && (
        <Button variant="ghost" className="mt-2 w-fit" onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `All ${formatCount(rows.length)}`}
        </Button>
      )}
    </Card>
  );
}
