import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { SubmitOutcome } from '../../ports/books.ts'
import type { BookState } from '../books/bookState.ts'
import { standingOutcome } from '../books/evaluate.ts'
import type { Prepared } from '../books/prepare.ts'
import { entryKey } from '../journal/legIds.ts'

/** Most submissions that are taken at a time. */
const BATCH_MAX = 1024

/** A submission whose caller waits. It is answered once. */
export type Waiting = Readonly<{ prepared: Prepared; answer: (outcome: SubmitOutcome) => void; refuse: (error: unknown) => void }>

/** What is taken from the queue: submissions that stand already with their outcome, and new ones that do not touch each other's claims or entries. */
type Batch = Readonly<{ standing: readonly Readonly<{ waiting: Waiting; outcome: SubmitOutcome }>[]; fresh: readonly Waiting[] }>

/** Submissions in the order they came. */
export type SubmissionQueue = Readonly<{
  push(prepared: Prepared): Promise<SubmitOutcome>
  take(state: BookState): Batch
  isEmpty(): boolean
  /** Refuses all that wait, but answers those first that something is known of. Nothing was done of what is refused. */
  refuseAll(error: GatewayError, known?: Known): void
}>

/** What can be said of a submission without taking it: the outcome that stands, or `unknown`; undefined when it is new. */
type Known = (prepared: Prepared) => SubmitOutcome | undefined

/** A queue of at most `queueMax`, which is no reason to refuse what something is known of; batches have at most `legsMax` legs. */
export function createSubmissionQueue({ queueMax, legsMax, known }: { queueMax: number; legsMax: number; known: Known }): SubmissionQueue {
  let waiting: Waiting[] = []
  return {
    async push(prepared) {
      const legs = prepared.submission.entry?.legs.length ?? 0
      invariant(legs <= legsMax, `an entry has at most as many legs as the ledger engine takes at a time, ${legsMax}`)
      if (waiting.length >= queueMax) {
        const outcome = known(prepared)
        if (outcome) return outcome
        throw new GatewayError('too_busy', `${queueMax} submissions are waiting for the ledger engine`)
      }
      return new Promise((answer, refuse) => waiting.push({ prepared, answer, refuse }))
    },
    take(state) {
      const standing: { waiting: Waiting; outcome: SubmitOutcome }[] = []
      const fresh: Waiting[] = []
      const touched = new Set<string>()
      let legs = 0
      let taken = 0
      for (const next of waiting) {
        if (taken === BATCH_MAX) break
        const outcome = standingOutcome(state, next.prepared)
        const keys = outcome ? [] : keysOf(next.prepared)
        legs += outcome ? 0 : (next.prepared.submission.entry?.legs.length ?? 0)
        // What touches the same waits until the other's outcome is known: then it is a replay, a conflict, or new after all.
        if (legs > legsMax || keys.some((key) => touched.has(key))) break
        for (const key of keys) touched.add(key)
        if (outcome) standing.push({ waiting: next, outcome })
        else fresh.push(next)
        taken += 1
      }
      waiting = waiting.slice(taken)
      return { standing, fresh }
    },
    isEmpty: () => waiting.length === 0,
    refuseAll(error, knownOf = () => undefined) {
      for (const { prepared, answer, refuse } of waiting) {
        const outcome = knownOf(prepared)
        if (outcome) answer(outcome)
        else refuse(error)
      }
      waiting = []
    },
  }
}

/** What a submission takes for itself: its claims and its entry. */
export function keysOf({ submission: { claims = [], entry } }: Prepared): string[] {
  return [...claims.map(({ key }) => `claim ${key}`), ...(entry ? [`entry ${entryKey(entry.id)}`] : [])]
}
