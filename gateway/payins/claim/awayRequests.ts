import { isAway, type PaidRequest } from './paidRequest.ts'
import { callerOfRunner } from './runner.ts'

/** The requests that other processes run, counted by the callers who asked for the runs. */
export function createAwayRequests() {
  const byClaim = new Map<string, PaidRequest>()
  const counts = new Map<string, number>()

  function count(request: PaidRequest, more: 1 | -1): void {
    const caller = callerOfRunner(request.runner)
    const sum = (counts.get(caller) ?? 0) + more
    if (sum === 0) counts.delete(caller)
    else counts.set(caller, sum)
  }

  function drop(claimKey: string): void {
    const standing = byClaim.get(claimKey)
    if (!standing) return
    count(standing, -1)
    byClaim.delete(claimKey)
  }

  return {
    all: (): Iterable<PaidRequest> => byClaim.values(),
    countOf: (caller: string): number => counts.get(caller) ?? 0,
    clear(): void {
      byClaim.clear()
      counts.clear()
    },
    keep(request: PaidRequest): void {
      drop(request.claimKey)
      if (!isAway(request)) return
      byClaim.set(request.claimKey, request)
      count(request, 1)
    },
  }
}
