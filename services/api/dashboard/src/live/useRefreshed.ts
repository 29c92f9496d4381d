import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

const AT_MOST_EVERY_MS = 2_000;

/**
 * The answer to a question, asked anew whenever `version` changes, at most every two seconds. The last answer
 * stays while the next is fetched; an answer to a question that is no longer asked is dropped.
 */
export function useRefreshed<T>(question: string, version: unknown, load: () => Promise<T>) {
  const [answer, setAnswer] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const asked = useRef({ question: '', at: -Infinity });
  const latestLoad = useRef(load);

  useLayoutEffect(() => {
    latestLoad.current = load;
  });

  useEffect(() => {
    const current = `${tries} ${question}`;
    const wait = asked.current.question === current ? asked.current.at + AT_MOST_EVERY_MS - Date.now() : 0;
    const ask = () => {
      asked.current = { question: current, at: Date.now() };
      const stillAsked = () => asked.current.question === current;
      latestLoad.current().then(
        (next) => {
          if (!stillAsked()) return;
          setAnswer(next);
          setError(null);
        },
        (cause: unknown) => {
          if (stillAsked()) setError(cause instanceof Error ? cause.message : 'The API cannot be reached');
        },
      );
    };
    const timer = setTimeout(ask, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [question, version, tries]);

  const retry = useCallback(() => setTries((n) => n + 1), []);
  return { answer, error, retry };
}
