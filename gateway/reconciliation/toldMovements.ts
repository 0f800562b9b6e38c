import { settlementId } from '../payins/settlement/settlementId.ts'
import type { Books } from '../ports/books.ts'
import type { Clock } from '../ports/clock.ts'
import { closesDays, type RailName } from '../ports/railName.ts'
import type { Receiver, Settlement } from '../ports/receiver.ts'

/** Movements of which a second one would be noticed, the newest. */
const PLACES_MAX = 10_000
/** What differs and is not judged yet; a look takes them all. */
const FOUND_MAX = 1_000

/** What a rail told and the books have otherwise. `beside`: what it was told or booked as before. Units of the asset that was told. */
type ToldBreak = Readonly<{ kind: 'duplicate' | 'amount'; settlement: Settlement; beside: string; booked: bigint }>
/** What a rail has told, since when (ms), and the books have not taken. */
type Untaken = Readonly<{ settlement: Settlement; since: number }>

export type ToldMovements = ReturnType<typeof createToldMovements>

/**
 * Stands beside the streams of rails that close no days, and sees what becomes of each movement: the books take one before the rail is asked for the next, so
 * that at most one of each rail waits. It forgets with the process: what was not booked is told again.
 */
export function createToldMovements({ books, clock }: Readonly<{ books: Pick<Books, 'claim'>; clock: Clock }>) {
  const waiting = new Map<RailName, Untaken>()
  const found: ToldBreak[] = []
  const places = new Map<string, string>()

  function noteTold(settlement: Settlement): void {
    const { rail, movement, id } = settlement
    waiting.set(rail, { settlement, since: waiting.get(rail)?.settlement.id === id ? waiting.get(rail)!.since : clock.now() })
    if (settlement.takesBack) for (const [key, told] of places) if (told === settlement.takesBack.id) places.delete(key)
    if (movement === undefined) return
    const key = `${rail}:${settlement.kind}:${movement}`
    const before = places.get(key)
    if (before !== undefined && before !== id) put({ kind: 'duplicate', settlement, beside: before, booked: settlement.amount.units })
    places.delete(key)
    places.set(key, id)
    const oldest = places.size > PLACES_MAX ? places.keys().next().value : undefined
    if (oldest !== undefined) places.delete(oldest)
  }

  function put(one: ToldBreak): void {
    if (found.length < FOUND_MAX) found.push(one)
  }

  /** The books have done with it. */
  function noteTaken(settlement: Settlement): void {
    const { kind, rail, amount } = settlement
    const claim = books.claim(`settlement:${settlementId(settlement)}`)
    if (!claim) return
    waiting.delete(rail)
    const of = `${kind}:${amount.asset.id}:`
    if (!claim.fingerprint.startsWith(of)) return
    const booked = BigInt(claim.fingerprint.slice(of.length))
    if (booked !== amount.units) put({ kind: 'amount', settlement, beside: settlementId(settlement), booked })
  }

  return {
    /** The receiver, whose stream is seen here too. */
    beside(receiver: Receiver): Receiver {
      if (closesDays(receiver.rail)) return receiver
      return {
        ...receiver,
        async *settlements(after, o) {
          for await (const settlement of receiver.settlements(after, o)) {
            noteTold(settlement)
            yield settlement
            noteTaken(settlement)
          }
        },
      }
    },
    /** What the books have otherwise, each once. */
    takeFound(rail: RailName): ToldBreak[] {
      const mine = found.filter(({ settlement }) => settlement.rail === rail)
      const rest = found.filter(({ settlement }) => settlement.rail !== rail)
      found.splice(0, found.length, ...rest)
      return mine
    },
    untaken: (): Untaken[] => [...waiting.values()],
  }
}
