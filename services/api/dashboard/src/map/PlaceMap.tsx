import { api } from '@/api/client';
import type { LiveEntry, Metric, Row } from '@/api/types';
import { formatCount } from '@/format/number';
import { keyLabel } from '@/format/key';
import { colorOf, stateColors, type StateColor } from '@/format/states';
import { cn } from '@/lib/cn';
import { useRefreshed } from '@/live/useRefreshed';
import { boundsOf, labelAt, lengthLabel, outline, project, roundLength } from './projection';

const WIDTH = 640;
const HEIGHT = 400;
const MARGIN = 14;
/** The most the API gives at once. */
const MOST = 1_000;

interface Props {
  metric: Metric;
  title: string;
  entry: LiveEntry;
  className?: string;
}

type Located = Row & { position: NonNullable<Row['position']> };

/** Where rows are: fences and the newest rows, drawn from their degrees alone, for there is no picture of streets here. */
export function PlaceMap({ metric, title, entry, className }: Props) {
  const { answer, error } = useRefreshed(metric.name, entry, () => api.rows(metric.name, { limit: MOST }));
  const located = (answer?.rows ?? []).filter((row): row is Located => row.position !== null);
  const fences = metric.fences ?? [];
  const bounds = boundsOf(fences, located.map((row) => row.position));
  const colors = stateColors(entry);
  const missing = (answer?.rows.length ?? 0) - located.length;
  const older = (answer?.totalRows ?? 0) - (answer?.rows.length ?? 0);
  if (!bounds) {
    return (
      <p className={cn('flex items-center justify-center rounded-xl bg-sunken p-6 text-center text-muted', className)}>
        {error ?? (answer ? 'No row has a position yet.' : 'Asking where they are …')}
      </p>
    );
  }
  const to = project(bounds, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN);
  const scale = roundLength(to.metres * 160);
  const inside = (entry.fences ?? []).map(({ fence, value }) => `${fence} ${formatCount(value)}`);
  return (
    <figure className={cn('@container flex flex-col gap-2', className)}>
      <svg
        role="img"
        aria-label={`Map of ${title}: ${formatCount(located.length)} rows${inside.length ? `, of them in ${inside.join(', in ')}` : ''}`}
        data-testid={`map-${metric.name}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="w-full rounded-xl border bg-sunken"
      >
        <g transform={`translate(${MARGIN} ${MARGIN})`}>
          {fences.map((fence) => (
            <path key={fence.name} d={outline(fence, to)} fillRule="evenodd" className="fill-accent/8 stroke-accent/70" strokeWidth={1.25} strokeLinejoin="round" />
          ))}
          {located.map((row) => (
            <Dot key={row.key} row={row} x={to.x(row.position.lon)} y={to.y(row.position.lat)} colors={colors} />
          ))}
          {fences.map((fence) => {
            const [x, y] = labelAt(fence, to);
            return (
              <text key={fence.name} x={x} y={y} textAnchor="middle" dy="1.25em" className="fill-ink stroke-sunken text-[12px] font-medium @max-md:text-[20px]" strokeWidth={4} paintOrder="stroke">
                {fence.name}
              </text>
            );
          })}
        </g>
        <g transform={`translate(${MARGIN} ${HEIGHT - MARGIN})`} className="stroke-muted">
          <path d={`M0.5,-5V-0.5H${(scale / to.metres).toFixed(1)}V-5`} fill="none" strokeWidth={1} />
          <text x={scale / to.metres + 7} className="fill-muted stroke-sunken text-[11px] @max-md:text-[18px]" strokeWidth={3} paintOrder="stroke">
            {lengthLabel(scale)}
          </text>
        </g>
      </svg>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-muted">
        {colors.map(({ id, label, color }) => (
          <span key={id} className="flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-full" style={{ background: color }} />
            <span className="max-w-40 truncate">{label}</span>
          </span>
        ))}
        {older > 0 && <span>the newest {formatCount(MOST)} are drawn</span>}
        {missing > 0 && <span>{formatCount(missing)} have no position</span>}
        {error && <span className="text-danger">{error}</span>}
      </figcaption>
    </figure>
  );
}

function Dot({ row, x, y, colors }: { row: Row; x: number; y: number; colors: StateColor[] }) {
  return (
    <circle cx={x} cy={y} r={3.5} fill={colorOf(colors, row.value)} className="stroke-sunken @max-md:[r:5.5px]" strokeWidth={0.75}>
      <title>{colors.length === 0 ? row.key : `${row.key}: ${keyLabel(row.value)}`}</title>
    </circle>
  );
}
