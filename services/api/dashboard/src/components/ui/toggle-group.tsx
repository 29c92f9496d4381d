import { cva, type VariantProps } from 'class-variance-authority';
import { ToggleGroup as Primitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';

const item = cva(
  'inline-flex items-center justify-center rounded-md text-muted transition-colors hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-card dark:data-[state=on]:bg-line-strong/60',
  {
    variants: { size: { text: 'h-6 min-w-8 px-2 text-xs font-medium', icon: 'size-7 [&_svg]:size-[15px]' } },
    defaultVariants: { size: 'text' },
  },
);

export function ToggleGroup({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root className={cn('inline-flex w-fit items-center rounded-lg bg-sunken p-0.5', className)} {...props} />
  );
}

type ItemProps = ComponentProps<typeof Primitive.Item> & VariantProps<typeof item>;

export function ToggleGroupItem({ className, size, ...props }: ItemProps) {
  return <Primitive.Item className={cn(item({ size }), className)} {...props} />;
}
