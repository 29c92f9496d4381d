/** Stands before a number that is an estimate. */
export function About() {
  return (
    <span className="text-muted">
      <span aria-hidden>≈ </span>
      <span className="sr-only">about </span>
    </span>
  );
}
