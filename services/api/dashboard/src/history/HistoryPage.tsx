import { Download, RefreshCw, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { historyCsv } from '@/api/client';
import type { GroupKey, Metric, Pipeline, Step } from '@/api/types';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group';
import { keyId, keyLabel } from '@/format/key';
import { formatAgo, parseTime } from '@/format/time';
import { setParams, useParam } from '@/url/params';
import { HistoryCard } from './HistoryCard';
import { before, bestStep, fromField, lengthOf, MOST_POINTS, periodOf, RANGE_NAMES, RANGES, stepsFor, STEP_MS, toField, type Range } from './range';
import { useHistory, useSlowNow } from './useHistory';

const REFRESH_MS = 20_000;
const GROUPS = 100;

/** The group in the address; undefined for all. */
function parseGroup(text: string | null): GroupKey | undefined {
  if (text === null) return undefined;
  try {
    const key: unknown = JSON.parse(text);
    const isPart = (part: unknown) => part === null || typeof part === 'string';
    if (isPart(key) || (Array.isArray(key) && key.every(isPart))) return key as GroupKey;
  } catch {
    // somebody changed the address by hand
  }
  return undefined;
}

const parseNumber = (text: string | null) => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);

/** The past of a metric, beside the period just before. */
export function HistoryPage({ pipeline, metrics }: { pipeline: Pipeline; metrics: Metric[] }) {
  const kept = metrics.filter((metric) => metric.history?.length);
  if (kept.length === 0) {
    return (
      <Card className="flex flex-col items-center gap-2 px-6 py-14 text-center" data-testid="history-none">
        <h2 className="text-lg font-semibold tracking-[-0.015em]">No history</h2>
        <p className="max-w-prose text-muted">
          {metrics.length === 0
            ? 'The pipeline declares no metrics.'
            : 'It is kept in Mongo for every metric that has a window with a length. Here it is switched off in the manifest, the API has no Mongo, or all windows are “all”.'}
        </p>
      </Card>
    );
  }
  return <KeptHistory pipeline={pipeline} metrics={kept} />;
}

function KeptHistory({ pipeline, metrics }: { pipeline: Pipeline; metrics: Metric[] }) {
  const [name] = useParam('metric');
  const [rangeText] = useParam('range');
  const [fromText] = useParam('from');
  const [toText] = useParam('to');
  const [stepText] = useParam('step');
  const [groupText] = useParam('group');
  const now = useSlowNow(REFRESH_MS);

  const metric = metrics.find((candidate) => candidate.name === name) ?? (metrics[0] as Metric);
  const range: Range = RANGES.find((candidate) => candidate === rangeText) ?? '24h';
  const [from, to] = range === 'custom' ? [parseNumber(fromText), parseNumber(toText)] : [null, null];
  const length = lengthOf(range, from, to);
  const steps = length === null ? [] : stepsFor(metric.history ?? [], length);
  const step = length === null ? undefined : (steps.find((one) => one === stepText) ?? bestStep(steps, length));
  const group = metric.by?.length ? parseGroup(groupText) : undefined;
  const tooLong = length !== null && step !== undefined && length / STEP_MS[step] > MOST_POINTS;

  const asked = useMemo(() => {
    if (length === null || step === undefined || tooLong) return null;
    const current = periodOf(step, length, from, to, now);
    const query = { ...(group !== undefined && { group }), limit: GROUPS };
    return { name: metric.name, current: { ...current, ...query }, previous: { ...before(current), ...query } };
    // a group is told by its text
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [metric.name, length, step, tooLong, from, to, now, groupText]);
  const { past, retry, ...state } = useHistory(asked);
  const title = pipeline.panels.find((panel) => panel.metric === metric.name)?.title ?? metric.title;
  const asOf = parseTime(past?.current.asOf);

  const choose = (range: Range) => {
    if (range !== 'custom') return setParams({ range: range === '24h' ? null : range, from: null, to: null, step: null });
    setParams({ range, from: `${asked?.current.from ?? now - 86_400_000}`, to: `${asked?.current.to ?? now}`, step: null });
  };
  const chooseGroup = (next: GroupKey | undefined) => setParams({ group: next === undefined ? null : keyId(next) });
  const groups = past?.current.groups ?? [];

  return (
    <>
      <Card aria-label="What to show" className="flex flex-wrap items-end gap-x-4 gap-y-3 p-4 sm:p-5">
        <Labelled label="Metric" className="w-full sm:w-56">
          <Select
            value={metric.name}
            onChange={(event) => setParams({ metric: event.target.value, group: null, step: null })}
            data-testid="history-metric"
          >
            {metrics.map((one) => (
              <option key={one.name} value={one.name}>
                {pipeline.panels.find((panel) => panel.metric === one.name)?.title ?? one.title}
              </option>
            ))}
          </Select>
        </Labelled>
        <div className="flex flex-col gap-1.5">
          <span className="text-xs font-medium text-muted" aria-hidden>
            Range
          </span>
          <ToggleGroup
            type="single"
            value={range}
            onValueChange={(next) => next && choose(next as Range)}
            aria-label="Range"
            data-testid="history-range"
            className="h-9"
          >
            {RANGES.map((one) => (
              <ToggleGroupItem key={one} value={one} aria-label={RANGE_NAMES[one]} title={RANGE_NAMES[one]} className="h-8">
                {one === 'custom' ? 'Custom' : one.replace('h', ' h').replace('d', ' d')}
              </ToggleGroupItem>
            ))}
          </ToggleGroup>
        </div>
        {range === 'custom' && (
          <>
            <Labelled label="From" className="w-[calc(50%-0.5rem)] sm:w-52">
              <Input
                type="datetime-local"
                className="px-2"
                value={toField(from)}
                onChange={(event) => setParams({ from: `${fromField(event.target.value) ?? ''}` || null })}
                data-testid="history-from"
              />
            </Labelled>
            <Labelled label="To" className="w-[calc(50%-0.5rem)] sm:w-52">
              <Input
                type="datetime-local"
                className="px-2"
                value={toField(to)}
                onChange={(event) => setParams({ to: `${fromField(event.target.value) ?? ''}` || null })}
                data-testid="history-to"
              />
            </Labelled>
          </>
        )}
        {steps.length > 0 && (
          <Labelled label="Step" className="w-28">
            <Select value={step} onChange={(event) => setParams({ step: event.target.value as Step })} data-testid="history-step">
              {steps.map((one) => (
                <option key={one} value={one}>
                  {one.charAt(0).toUpperCase() + one.slice(1)}
                </option>
              ))}
            </Select>
          </Labelled>
        )}
        {metric.by?.length ? (
          <Labelled label={`Group: ${metric.by.join(', ')}`} className="w-full min-w-0 sm:w-56">
            <Select
              value={group === undefined ? '' : keyId(group)}
              onChange={(event) => chooseGroup(event.target.value === '' ? undefined : parseGroup(event.target.value))}
              data-testid="history-group"
            >
              <option value="">All groups</option>
              {group !== undefined && !groups.some(({ key }) => keyId(key) === keyId(group)) && (
                <option value={keyId(group)}>{keyLabel(group)}</option>
              )}
              {groups.map(({ key }) => (
                <option key={keyId(key)} value={keyId(key)}>
                  {keyLabel(key)}
                </option>
              ))}
            </Select>
          </Labelled>
        ) : null}
        <div className="ml-auto flex items-center gap-2">
          {asOf !== null && (
            <span className="text-xs text-muted max-lg:hidden" data-testid="history-as-of">
              as of {formatAgo(asOf, now)}
            </span>
          )}
          {asked && (
            <Button asChild size="md">
              <a href={historyCsv(metric.name, asked.current)} download data-testid="history-csv">
                <Download aria-hidden /> CSV
              </a>
            </Button>
          )}
        </div>
      </Card>
      {asked === null ? (
        <Message
          text={
            tooLong
              ? `This range is too long for the metric’s longest step: choose at most ${MOST_POINTS} ${step}s.`
              : 'Choose a time to begin with and a later one to end with.'
          }
        />
      ) : state.state === 'failed' ? (
        <Message text={state.reason} onRetry={retry} />
      ) : past ? (
        <HistoryCard
          metric={metric}
          title={title}
          group={group}
          past={past}
          busy={state.state === 'loading'}
          onGroup={chooseGroup}
        />
      ) : (
        <div aria-busy="true" aria-label="Loading" className="flex flex-col gap-4">
          <Skeleton className="h-112 rounded-2xl" />
          <Skeleton className="h-60 rounded-2xl" />
        </div>
      )}
    </>
  );
}

function Labelled({ label, className, children }: { label: string; className: string; children: React.ReactNode }) {
  return (
    <label className={`flex flex-col gap-1.5 ${className}`}>
      <span className="truncate text-xs font-medium text-muted">{label}</span>
      {children}
    </label>
  );
}

function Message({ text, onRetry }: { text: string; onRetry?: () => void }) {
  return (
    <Card role="status" data-testid="history-message" className="flex flex-col items-center gap-4 px-6 py-14 text-center">
      <TriangleAlert aria-hidden className="size-6 text-muted" />
      <p className="max-w-prose text-[15px] break-words">{text}</p>
      {onRetry && (
        <Button onClick={onRetry}>
          <RefreshCw aria-hidden /> Try again
        </Button>
      )}
    </Card>
  );
}
