/** How long a start may report nothing before it is given up. A busy machine is ten times slower than an idle one, so no start ends by the clock alone. */
export const NO_PROGRESS_MS = 600_000

/** Gives up when nothing was reported for so long; `progress` begins the time anew, `end` stops it. */
export function patience(giveUp: (error: Error) => void, what: string): Readonly<{ progress: () => void; end: () => void }> {
  const timer = setTimeout(() => giveUp(new Error(`${what} has reported nothing for ${NO_PROGRESS_MS} ms`)), NO_PROGRESS_MS)
  return { progress: () => void timer.refresh(), end: () => clearTimeout(timer) }
}
