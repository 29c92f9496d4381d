import type { ComponentProps, MouseEvent } from 'react';
import { cn } from '@/lib/cn';
import { HISTORY, LIVE, navigate, usePage } from '@/url/params';

/** A link within the dashboard: the page stays loaded, unless another tab is asked for. */
export function PageLink({ to, onClick, ...props }: ComponentProps<'a'> & { to: string }) {
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={go} {...props} />;
}

const PAGES = [
  { page: 'live', to: LIVE, label: 'Live' },
  { page: 'history', to: HISTORY, label: 'History' },
] as const;

/** The dashboard's pages. */
export function PageTabs() {
  const open = usePage();
  return (
    <nav aria-label="Pages" className="order-last flex w-full rounded-lg bg-sunken p-0.5 sm:order-none sm:w-auto">
      {PAGES.map(({ page, to, label }) => (
        <PageLink
          key={page}
          to={to}
          aria-current={open === page ? 'page' : undefined}
          className={cn(
            'flex h-7 flex-1 items-center justify-center rounded-md px-3 text-[13px] font-medium text-muted transition-colors hover:text-ink sm:flex-none',
            open === page && 'bg-surface text-ink shadow-card dark:bg-line-strong/60',
          )}
        >
          {label}
        </PageLink>
      ))}
    </nav>
  );
}
