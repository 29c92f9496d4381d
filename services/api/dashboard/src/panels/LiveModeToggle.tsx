import { Cable, Radio, RefreshCw } from 'lucide-react';
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group';
import { useMode } from '@/live/hooks';
import type { Mode } from '@/live/mode';
import { mode } from '@/live/sources';

const CHOICES = [
  { value: 'sse', label: 'Server-sent events', Icon: Radio },
  { value: 'websocket', label: 'WebSocket', Icon: Cable },
  { value: 'polling', label: 'Polling', Icon: RefreshCw },
] as const;

/** How the numbers reach this page: pushed one way or the other, or fetched. */
export function LiveModeToggle() {
  const current = useMode();
  return (
    <ToggleGroup
      className="hidden md:inline-flex"
      type="single"
      value={current}
      onValueChange={(value) => value && mode.choose(value as Mode)}
      aria-label="How numbers arrive"
      data-testid="live-mode"
      data-choice={current}
    >
      {CHOICES.map(({ value, label, Icon }) => (
        <ToggleGroupItem key={value} value={value} aria-label={label} title={label} size="icon">
          <Icon aria-hidden />
        </ToggleGroupItem>
      ))}
    </ToggleGroup>
  );
}
