import { Monitor, Moon, Sun } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group';
import { choose, getChoice, subscribe, type ThemeChoice } from './theme';

const CHOICES = [
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
  { value: 'system', label: 'As the system', Icon: Monitor },
] as const;

export function ThemeToggle() {
  const choice = useSyncExternalStore(subscribe, getChoice);
  return (
    <ToggleGroup
      type="single"
      value={choice}
      onValueChange={(value) => value && choose(value as ThemeChoice)}
      aria-label="Theme"
      data-testid="theme"
      data-choice={choice}
    >
      {CHOICES.map(({ value, label, Icon }) => (
        <ToggleGroupItem key={value} value={value} aria-label={label} title={label} size="icon">
          <Icon aria-hidden />
        </ToggleGroupItem>
      ))}
    </ToggleGroup>
  );
}
