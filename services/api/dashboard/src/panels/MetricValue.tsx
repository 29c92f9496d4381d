import { Tooltip } from '@/components/ui/tooltip';
import { formatExact, formatValue } from '@/format/number';
import { cn } from '@/lib/cn';

interface Props {
  testId: string;
  value: number | null | undefined;
  unit: string | null;
  className?: string;
}

/** A metric's value; when digits are left out, hover or focus shows them all. */
export function MetricValue({ testId, value, unit, className }: Props) {
  const shown = formatValue(value, unit);
  const exact = formatExact(value, unit);
  const shortened = value != null && shown !== exact;
  return (
    <Tooltip content={shortened ? exact : null}>
      <span
        data-testid={testId}
        data-value={value ?? undefined}
        tabIndex={shortened ? 0 : undefined}
        className={cn('w-fit max-w-full truncate rounded-md tracking-[-0.03em] tabular-nums', className)}
      >
        {shown}
      </span>
    </Tooltip>
  );
}
