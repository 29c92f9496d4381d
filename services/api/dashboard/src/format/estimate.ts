import type { WindowValue } from '@/api/types';
import { formatValue } from './number';

/** What is known of a number that may be an estimate. */
export type Estimate = Pick<WindowValue, 'estimated' | 'error'>;

/** A number with what it is worth: "1,234,567, estimated; standard error 0.8%". */
export function explained(exact: string, estimate: Estimate | undefined): string {
  if (!estimate?.estimated) return exact;
  return estimate.error === undefined
    ? `${exact}, made of estimates`
    : `${exact}, estimated; standard error ${formatValue(estimate.error, 'percent')}`;
}
