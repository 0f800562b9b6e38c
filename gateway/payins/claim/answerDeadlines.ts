import { max } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PaidRequest } from './paidRequest.ts'
import type { RequestRecords } from './requestRecords.ts'

const SWEEP_EVERY_MS = 1_000
/** Given back in one sweep, so that many at once do not fill the queue of the books. */
const SWEEP_MAX = 200
/** While this process was down nobody could tell it an answer: those who kept one have this long. */
const RESTART_GRACE_MS = 30_000

/**
 * Ends the requests whose work another process runs and whose answer did not come in time: the work does not run again, and the money goes back, but for
 * what an answer that had begun was said to use. An answer that comes at the same moment decides by the books, where one of the two stands.
 */
export function createAnswerDeadlines(o: {
  records: Pick<RequestRecords, 'away'>
  cutOff: (request: PaidRequest) => Promise<void>
  clock: Clock
  log: (line: string) => void
}) {
  let timer: NodeJS.Timeout | undefined
  let sweeping = false
  let startedAt = 0

  const dueAt = ({ at, answerBy }: PaidRequest): number => (at < startedAt ? max(answerBy, startedAt + RESTART_GRACE_MS) : answerBy)

  async function end(request: PaidRequest): Promise<void> {
    try {
      await o.cutOff(request)
    } catch (error) {
      // It stands as it was, and the next sweep sees it again.
      o.log(`the money of ${request.receipt} is not back yet: ${error instanceof Error ? error.message : 'unknown error'}`)
    }
  }

  async function sweep(): Promise<void> {
    if (sweeping) return
    sweeping = true
    const now = o.clock.now()
    const due = [...o.records.away()].filter((request) => dueAt(request) <= now).slice(0, SWEEP_MAX)
    await Promise.all(due.map(end))
    sweeping = false
  }

  return {
    start(): void {
      startedAt = o.clock.now()
      timer = setInterval(() => void sweep(), SWEEP_EVERY_MS)
      timer.unref()
    },
    close(): void {
      clearInterval(timer)
    },
  }
}
