import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { startLive } from '@/live/sources';
import { App } from './App';
import './index.css';

startLive();

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <ErrorBoundary what="The dashboard">
      <App />
    </ErrorBoundary>
  </StrictMode>,
);
