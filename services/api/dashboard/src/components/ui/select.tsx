import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

/** The browser's own list of choices, which every device knows how to show. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative inline-flex min-w-0', className)}>
      <select
        className="h-9 w-full min-w-0 appearance-none truncate rounded-lg border border-line bg-surface pr-9 pl-3 text-sm text-ink focus-visible:outline-offset-0"
        {...props}
      />
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2.5 right-3 size-4 text-muted" />
    </span>
  );
}
