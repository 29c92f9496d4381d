/** A small seeded generator (mulberry32): the same seed gives the same events on every run. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Picks from a list, the first far more often than the last (Zipf's law with the given exponent). */
export function zipf(random, items, exponent = 1) {
  const weights = items.map((_, i) => 1 / (i + 1) ** exponent);
  const sum = weights.reduce((a, b) => a + b, 0);
  return () => {
    let left = random() * sum;
    const index = weights.findIndex((weight) => (left -= weight) <= 0);
    return items[Math.max(0, index)];
  };
}
