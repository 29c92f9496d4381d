import type { Pipeline } from '@/api/types';
import { ThemeToggle } from '@/theme/ThemeToggle';
import { ConnectionBadge } from './ConnectionBadge';
import { LiveModeToggle } from './LiveModeToggle';
import { PageTabs } from './PageTabs';
import { PipelineClock } from './PipelineClock';

export function Header({ pipeline }: { pipeline: Pipeline | null }) {
  return (
    <header className="sticky top-0 z-40 bg-page/85 backdrop-blur-md">
      <div className="mx-auto flex w-full max-w-[96rem] flex-wrap items-center gap-x-2 gap-y-3 px-4 py-4 sm:gap-x-3 sm:px-6 lg:px-8">
        <Mark />
        <div className="ml-1 min-w-0 flex-1 sm:ml-0">
          <h1 className="truncate text-base leading-5 font-semibold tracking-[-0.015em]" data-testid="title">
            {pipeline?.title ?? 'Millrace'}
          </h1>
          <PipelineClock clock={pipeline?.clock ?? 'wall'} />
        </div>
        <PageTabs />
        <ConnectionBadge />
        <LiveModeToggle />
        <ThemeToggle />
      </div>
    </header>
  );
}

/** Three currents, as on the tab's icon. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden className="size-9 shrink-0">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <g className="stroke-surface" strokeWidth="2.4" strokeLinecap="round">
        <path d="M7 11.5c3-3.2 6-3.2 9 0s6 3.2 9 0" />
        <path d="M7 17c3-3.2 6-3.2 9 0s6 3.2 9 0" opacity="0.75" />
        <path d="M7 22.5c3-3.2 6-3.2 9 0s6 3.2 9 0" opacity="0.45" />
      </g>
    </svg>
  );
}
