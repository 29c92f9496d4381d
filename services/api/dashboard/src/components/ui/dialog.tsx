import { cva, type VariantProps } from 'class-variance-authority';
import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ComponentProps, useState } from 'react';
import { cn } from '@/lib/cn';
import { Button } from './button';

export const DialogTitle = Primitive.Title;
export const DialogDescription = Primitive.Description;

const content = cva('fixed z-50 flex flex-col overflow-hidden bg-raised shadow-float outline-none dark:border', {
  variants: {
    side: {
      center:
        'inset-x-0 bottom-0 mx-auto max-h-[94dvh] w-full max-w-4xl animate-rise-in rounded-t-2xl sm:inset-y-0 sm:my-auto sm:h-fit sm:max-h-[88dvh] sm:w-[calc(100%-3rem)] sm:rounded-2xl',
      right:
        'inset-y-0 right-0 w-full max-w-xl animate-slide-in sm:inset-y-2 sm:right-2 sm:w-[calc(100%-1rem)] sm:rounded-2xl',
    },
  },
  defaultVariants: { side: 'center' },
});

type Props = ComponentProps<typeof Primitive.Content> & VariantProps<typeof content> & { onClose: () => void };

/** A modal over the page: in the centre, or as a sheet from the right. Open for as long as it is rendered. */
export function Dialog({ side, className, children, onClose, ...props }: Props) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 animate-fade-in bg-[oklch(0.15_0.02_225/0.4)] dark:bg-[oklch(0.08_0.01_225/0.65)]" />
        <Primitive.Content
          className={cn(content({ side }), className)}
          onOpenAutoFocus={(event) => {
            // The panel itself, not the first button in it: a screen reader starts with the title.
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener instanceof HTMLElement) opener.focus();
          }}
          {...props}
        >
          {children}
          <Primitive.Close asChild>
            <Button variant="ghost" size="icon" aria-label="Close" className="absolute top-4 right-4">
              <X aria-hidden />
            </Button>
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
