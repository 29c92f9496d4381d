import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group';
import { windowLabel, windowName } from '@/format/window';

interface Props {
  windows: string[];
  value: string;
  onChange: (window: string) => void;
}

/** The choice between a metric's windows; nothing when there is none. */
export function WindowTabs({ windows, value, onChange }: Props) {
  if (windows.length < 2) return null;
  return (
    <ToggleGroup
      type="single"
      value={value}
      onValueChange={(next) => next && onChange(next)}
      aria-label="Window"
      data-testid="windows"
    >
      {windows.map((window) => (
        <ToggleGroupItem key={window} value={window} aria-label={windowName(window)} title={windowName(window)}>
          {windowLabel(window)}
        </ToggleGroupItem>
      ))}
    </ToggleGroup>
  );
}
