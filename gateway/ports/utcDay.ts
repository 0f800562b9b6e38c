/** The day of a time (ms), in UTC, as ISO 8601 writes it: 2026-11-25. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
