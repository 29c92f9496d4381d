import { Unplug } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useNow } from '@/live/hooks';
import { pipelineSource, retryNow } from '@/live/sources';

/** In place of the panels when not even their names could be fetched. */
export function Unreachable({ reason, retryAt }: { reason: string; retryAt: number }) {
  const seconds = Math.max(0, Math.ceil((retryAt - useNow()) / 1000));
  const retry = () => {
    void pipelineSource.refresh();
    retryNow();
  };
  return (
    <section data-testid="unreachable" role="alert" className="flex min-h-[60dvh] flex-col items-center justify-center px-4 text-center">
      <Unplug aria-hidden className="size-9 text-muted" strokeWidth={1.25} />
      <h2 className="mt-5 text-xl font-semibold tracking-[-0.02em]">The API does not answer</h2>
      <p className="mt-2 max-w-md text-muted">
        {reason}. Check that the pipeline’s api service runs and that this address leads to it. The page keeps trying by
        itself.
      </p>
      <Button variant="primary" size="md" className="mt-6" onClick={retry}>
        Try now
      </Button>
      <p aria-hidden className="mt-3 h-5 text-[13px] text-muted">
        {seconds > 0 ? `Next try in ${seconds} s` : 'Trying …'}
      </p>
    </section>
  );
}
