import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from './ui/button';

interface Props {
  /** What is shown here, for the sentence that says it cannot be. */
  what: string;
  children: ReactNode;
}

/** Keeps a fault in one panel from taking the page with it. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(`${this.props.what} cannot be shown`, error, info.componentStack);
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div role="alert" className="flex min-w-0 flex-1 basis-72 flex-col items-start gap-3 rounded-2xl border border-line bg-surface p-5">
        <p className="font-medium">{this.props.what} cannot be shown</p>
        <p className="max-w-full text-[13px] break-words text-muted">{error.message}</p>
        <Button onClick={() => this.setState({ error: null })}>Try again</Button>
      </div>
    );
  }
}
