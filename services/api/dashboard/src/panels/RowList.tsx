import { useState } from 'react';
import { api } from '@/api/client';
import type { LiveEntry, Metric, Row } from '@/api/types';
import { Button } from '@/components/ui/button';
import { keyId, keyLabel } from '@/format/key';
import { formatCount, formatValue } from '@/format/number';
import { formatAgo, parseTime } from '@/format/time';
import { useNow } from '@/live/hooks';
import { useRefreshed } from '@/live/useRefreshed';

const PAGE = 50;
/** The most the API gives at once. */
const MOST = 1_000;

interface Props {
  metric: Metric;
  title: string;
  entry: LiveEntry | undefined;
}

/** The rows themselves, newest first, all of them or those in one state or fence. */
export function RowList({ metric, title, entry }: Props) {
  const [wanted, setWanted] = useState(PAGE);
  const [state, setState] = useState<string | null>(null);
  const [fence, setFence] = useState<string | null>(null);
  const question = `${metric.name} ${keyId(state)} ${keyId(fence)} ${wanted}`;
  const { answer, error, retry } = useRefreshed(question, entry, () => api.rows(metric.name, { value: state, fence, limit: wanted }));
  const states = (entry?.groups ?? []).flatMap((group) => (typeof group.key === 'string' ? [group.key] : []));
  const rows = answer?.rows ?? [];
  const hidden = Math.min(MOST, answer?.totalRows ?? 0) - rows.length;
  return (
    <section aria-label="Rows" className="mt-7 flex flex-col">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-semibold">
          {metric.key ?? 'Rows'} <span className="ml-1 font-normal text-muted">{formatCount(answer?.totalRows ?? entry?.value ?? 0)}</span>
        </h3>
        <div className="flex flex-wrap gap-2">
          <Choice label={`Fence of ${title}`} all="Everywhere" names={metric.fences?.map(({ name }) => name) ?? []} value={fence} onChange={setFence} />
          <Choice label={`State of ${title}`} all="Every state" names={states} value={state} onChange={setState} />
        </div>
      </div>
      {error && (
        <p role="alert" className="mt-3 flex items-center justify-between gap-3 rounded-lg bg-danger-soft px-3 py-2 text-danger">
          {error} <Button onClick={retry}>Try again</Button>
        </p>
      )}
      <RowTable rows={rows} now={parseTime(answer?.now)} label={`Rows of ${title}, newest first`} />
      {hidden > 0 && (
        <Button className="mt-3 self-center" onClick={() => setWanted(rows.length + Math.min(PAGE, hidden))}>
          Show {Math.min(PAGE, hidden)} more
        </Button>
      )}
    </section>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  names: string[];
  value: string | null;
  onChange: (name: string | null) => void;
}

function Choice({ label, all, names, value, onChange }: ChoiceProps) {
  if (names.length === 0) return null;
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.selectedIndex === 0 ? null : event.target.value)}
      className="h-9 max-w-64 rounded-lg border bg-surface px-2.5 text-[13px]"
    >
      <option value="">{all}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {keyLabel(name)}
        </option>
      ))}
    </select>
  );
}

function RowTable({ rows, now, label }: { rows: Row[]; now: number | null; label: string }) {
  const clock = useNow();
  const at = now ?? clock;
  const located = rows.some((row) => row.position);
  const fenced = rows.some((row) => row.fences);
  return (
    <div role="region" aria-label={label} tabIndex={0} className="mt-3 min-h-72 overflow-x-auto rounded-md">
      <table className="w-full min-w-max text-[13px] tabular-nums">
        <thead>
          <tr className="text-left text-muted">
            {['Key', 'State', 'For', 'Last event', ...(located ? ['Position'] : []), ...(fenced ? ['Inside'] : [])].map((name) => (
              <th key={name} scope="col" className="py-1.5 pr-4 font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-key={row.key} className="border-t">
              <th scope="row" title={row.key} className="max-w-56 truncate py-2 pr-4 text-left font-medium">
                {row.key}
              </th>
              <td className="max-w-48 truncate py-2 pr-4">{keyLabel(row.value)}</td>
              <td className="py-2 pr-4">{formatValue(Math.max(0, at - (parseTime(row.since) ?? at)), 'ms')}</td>
              <td className="py-2 pr-4">{formatAgo(parseTime(row.at) ?? at, at)}</td>
              {located && (
                <td className="py-2 pr-4 text-muted">{row.position && `${row.position.lat.toFixed(4)}, ${row.position.lon.toFixed(4)}`}</td>
              )}
              {fenced && <td className="max-w-56 truncate py-2">{row.fences?.join(', ')}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
