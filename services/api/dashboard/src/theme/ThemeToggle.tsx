import { Monitor, Moon, Sun } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button } from '@/components/ui/button';
import { ToggleGroup, ToggleGroupItem } from '@/components/ui/toggle-group';
import { choose, getChoice, subscribe, type ThemeChoice } from './theme';

const CHOICES = [
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
  { value: 'system', label: 'As the system', Icon: Monitor },
] as const;

/** Light, dark or as the system; one button that steps through them where there is little room. */
export function ThemeToggle() {
  const choice = useSyncExternalStore(subscribe, getChoice);
  const at = CHOICES.findIndex(({ value }) => value === choice);
  const current = CHOICES[at] ?? CHOICES[2];
  const next = CHOICES[(at + 1) % CHOICES.length] ?? CHOICES[0];
  return (
    <>
      <Button
        size="icon"
        className="rounded-full sm:hidden"
        aria-label={`Theme: ${current.label}. Change to: ${next.label}`}
        data-testid="theme-step"
        onClick={() => choose(next.value)}
      >
        <current.Icon aria-hidden />
      </Button>
      <Choices choice={choice} />
    </>
  );
}

function Choices({ choice }: { choice: ThemeChoice }) {
  return (
    <ToggleGroup
      className="hidden sm:inline-flex"
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
