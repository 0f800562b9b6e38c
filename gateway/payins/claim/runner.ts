/**
 * A process that runs the work of one request, for a caller of ours: `name` is the caller's id and a word that it uses for no other request, so that only
 * who was told to run may answer. `withinMs`: how long it may take.
 */
export type Runner = Readonly<{ name: string; withinMs: number }>

export function runnerName(caller: string, attempt: string): string {
  return `${caller}/${attempt}`
}

/** The caller for whom a runner of this name works. */
export function callerOfRunner(name: string): string {
  return name.slice(0, name.indexOf('/'))
}

/** Who runs the work from `at` (ms) on, as a fact holds it; nothing when this process does. */
export function runData(runner: Runner | undefined, at: number): Readonly<{ runner?: string; answerBy?: number }> {
  return runner ? { runner: runner.name, answerBy: at + runner.withinMs } : {}
}
