import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import type { Books, Submission, SubmitOutcome } from '../../ports/books.ts'

/** Books that are a cluster may not know in time whether a submission was taken; the same one is sent again, which is harmless. */
const RESUBMITS_MAX = 5
const RESUBMIT_AFTER_MS = 200

/** What must be recorded waits for room in the queue of the books for up to 10 seconds. */
const TRIES_MAX = 200
const WAIT_MS = 50

const UNKNOWN: SubmitOutcome = { kind: 'unknown' }

export type Submitted = Exclude<SubmitOutcome, { kind: 'unknown' }>

/**
 * Submits until the books know. Refuses with `outcome_unknown` when they do not after some tries: the submission may be taken all the same. Then `late` is
 * told what became of it, as soon as they know; after a restart it is in their facts.
 */
export async function submitUntilKnown(books: Books, submission: Submission, late?: (outcome: Submitted) => void): Promise<Submitted> {
  for (let i = 0; i <= RESUBMITS_MAX; i++) {
    const outcome = await books.submit(submission)
    if (outcome.kind !== 'unknown') return outcome
    await sleep(RESUBMIT_AFTER_MS)
  }
  if (late) void untilOutcome(books, submission, { stop: new AbortController().signal, doubted: true }).then(late, leaveToNextStart)
  throw new GatewayError('outcome_unknown', `The books did not answer ${RESUBMITS_MAX + 1} times whether they took a step`)
}

/** Submits what no caller waits for, as long as the books do not know. Refuses with `outcome_unknown` once `stop` aborts; the next start reads what stands. */
export function submitForGood(books: Books, submission: Submission, stop: AbortSignal): Promise<Submitted> {
  return untilOutcome(books, submission, { stop, doubted: false })
}

/** `doubted`: the outcome was unknown once. From then on a refusal to take anything now does not say that it was not taken, so it is waited out. */
async function untilOutcome(books: Books, submission: Submission, o: { stop: AbortSignal; doubted: boolean }): Promise<Submitted> {
  for (let { doubted } = o; !o.stop.aborted; doubted = true) {
    const outcome = await books.submit(submission).catch((error: unknown) => {
      if (doubted && takesNothingNow(error)) return UNKNOWN
      throw error
    })
    if (outcome.kind !== 'unknown') return outcome
    await sleep(RESUBMIT_AFTER_MS, undefined, { ref: false })
  }
  throw new GatewayError('outcome_unknown', 'The process closed before the books knew whether they took a step')
}

/** Their queue is full, or their engine is silent; books that have closed or stopped say something else. */
function takesNothingNow(error: unknown): boolean {
  return isGatewayError(error, 'too_busy') || isGatewayError(error, 'ledger_unavailable')
}

/** The books have closed or stopped: they take nothing any more. */
function leaveToNextStart(): void {}

/** The same for what follows from something that has happened already: a full queue is waited for and not refused. */
export async function submitWhenRoom(books: Books, submission: Submission): Promise<Submitted> {
  for (let tried = 1; ; tried++) {
    try {
      return await submitUntilKnown(books, submission)
    } catch (error) {
      if (!isGatewayError(error, 'too_busy') || tried >= TRIES_MAX) throw error
    }
    await sleep(WAIT_MS)
  }
}
