import { disagreements, type SignedProof } from '../audit/reconcile/threeWay.ts'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { submitWhenRoom } from '../ledger/process/submit.ts'
import type { Books } from '../ports/books.ts'
import type { Clock } from '../ports/clock.ts'
import { utcDay } from '../ports/utcDay.ts'
import type { ReconciliationContext } from './context.ts'
import { readReconciliationFact, toReconciliationFact } from './facts.ts'

const DAY_MS = 86_400_000
/** Under traffic the three are never read at one moment: for so long after a day's end they are read again until they agree. */
const AGAIN_MS = 3_600_000
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/

export type DayProofs = ReturnType<typeof createDayProofs>

/** Proofs that are kept, as the journal's facts say. Make it before the books start. */
export function createProofRecords(books: Pick<Books, 'archive' | 'remember'>) {
  const archive = books.archive('reconciliation.proofs')
  const newest = new Map<string, SignedProof>()
  books.remember({
    name: 'reconciliation.proofs',
    form: 1,
    tables: { newest },
    apply(fact) {
      const own = readReconciliationFact(fact)
      if (own?.type !== 'reconciliation.day_proved') return
      archive.put(own.id, own.data)
      newest.clear()
      newest.set(own.id, own.data)
    },
  })
  return {
    get: (day: string): SignedProof | undefined => newest.get(day) ?? (archive.get(day) as SignedProof | undefined), // As it was put.
  }
}

type Parts = Readonly<{
  books: Books
  records: ReturnType<typeof createProofRecords>
  clock: Clock
  /** The three legs as they stand now, signed for this day. Throws `reads_behind`. */
  proofNow: (day: string) => Promise<SignedProof>
  log: ReconciliationContext['log']
}>

/** A proof of each day, taken at the first look after it has ended and kept with the journal. */
export function createDayProofs({ books, records, clock, proofNow, log }: Parts) {
  const running = new Map<string, Promise<SignedProof>>()

  /** Whoever asks while one is taken has that one: each asks every rail, many times where they differ. */
  function shared(day: string): Promise<SignedProof> {
    const taken = running.get(day) ?? proofNow(day).finally(() => running.delete(day))
    running.set(day, taken)
    return taken
  }

  return {
    /** The proof that is kept of a day, or one of today as it stands now. Throws `not_found`, `invalid_request`, `reads_behind`. */
    async of(day: string): Promise<SignedProof> {
      const kept = records.get(day)
      if (kept) return kept
      if (day === utcDay(clock.now())) return shared(day)
      if (!DAY.test(day))
        throw new GatewayError('invalid_request', `"${day.slice(0, 20)}" is no day`, { hint: 'Write it as 2026-11-25, in UTC.' })
      throw new GatewayError('not_found', `There is no proof of ${day}: a proof is taken when a day has ended`)
    },
    /** Takes that of yesterday, once. */
    async keep(): Promise<void> {
      const day = utcDay(clock.now() - DAY_MS)
      if (records.get(day)) return
      try {
        const data = await proofNow(day)
        const wrong = disagreements(data.proof)
        if (wrong.length > 0 && clock.now() < Date.parse(day) + DAY_MS + AGAIN_MS) {
          log.warn(
            { day, wrong: wrong.slice(0, 10) },
            'rails, ledger and what was told do not agree yet: the proof of the day is taken again',
          )
          return
        }
        if (wrong.length > 0) log.error({ day, wrong: wrong.slice(0, 10) }, 'rails, ledger and what was told do not agree')
        const fact = toReconciliationFact({ type: 'reconciliation.day_proved', id: day, at: clock.now(), data })
        await submitWhenRoom(books, { claims: [{ key: `reconciliation:proof:${day}`, fingerprint: 'proved' }], facts: [fact] })
      } catch (error) {
        if (!isGatewayError(error)) throw error
        log.warn({ day, code: error.code, detail: error.shortMessage }, 'the proof of the day is taken later')
      }
    },
  }
}
