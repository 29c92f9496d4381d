import { Maximize2 } from 'lucide-react';
import type { Metric } from '@/api/types';
import { Button } from '@/components/ui/button';
import { measureLabel } from '@/format/key';
import { windowName } from '@/format/window';
import { useOpenPanel } from '@/url/params';
import { WindowTabs } from './WindowTabs';

interface Props {
  id: string;
  title: string;
  metric: Metric;
  window: string;
  windows: string[];
  onWindow: (window: string) => void;
}

/** Title, what is measured over which time, and the choice of the window: below them where there is little room. */
export function PanelHeader({ id, title, metric, window, windows, onWindow }: Props) {
  const { open } = useOpenPanel();
  const by = metric.by?.length ? ` by ${metric.by.join(', ')}` : '';
  return (
    <header className="relative flex flex-wrap items-start gap-2 pr-8">
      <div className="min-w-0 grow basis-30">
        <h2 id={id} className="truncate text-[15px] leading-6 font-semibold tracking-[-0.01em]" title={title}>
          {title}
        </h2>
        <p
          className="truncate text-[13px] text-muted"
          title={[`${measureLabel(metric)}${by}`, metric.where && `where ${metric.where}`].filter(Boolean).join(' ')}
        >
          {measureLabel(metric)}
          {by}
          <span aria-hidden> · </span>
          {windowName(window)}
        </p>
      </div>
      <WindowTabs windows={windows} value={window} onChange={onWindow} />
      <Button
        variant="ghost"
        size="icon"
        className="absolute -top-1 -right-1.5"
        aria-label={`Open ${title}`}
        onClick={() => open(`metric:${metric.name}`)}
      >
        <Maximize2 aria-hidden className="size-3.5!" />
      </Button>
    </header>
  );
}
