import { Tooltip } from '@/components/ui/tooltip';
import { explained, type Estimate } from '@/format/estimate';
import { formatExact, formatValue } from '@/format/number';
import { cn } from '@/lib/cn';
import { About } from './About';

interface Props {
  testId: string;
  value: number | null | undefined;
  unit: string | null;
  /** Whether it is an estimate, and how far off it is mostly: one standard error. */
  estimate?: Estimate;
  className?: string;
}

/** A metric's value; when digits are left out, hover or focus shows them all. */
export function MetricValue({ testId, value, unit, estimate, className }: Props) {
  const shown = formatValue(value, unit);
  const exact = formatExact(value, unit);
  const told = value != null && (estimate?.estimated || shown !== exact);
  return (
    <Tooltip content={told ? explained(exact, estimate) : null}>
      <span
        data-testid={testId}
        data-value={value ?? undefined}
        tabIndex={told ? 0 : undefined}
        className={cn('w-fit max-w-full truncate rounded-md tracking-[-0.03em] tabular-nums', className)}
      >
        {value != null && estimate?.estimated && <About />}
        {shown}
      </span>
    </Tooltip>
  );
}
