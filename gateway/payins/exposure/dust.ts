import { NANO_PER_UNIT } from '../../costs/nanoUsd.ts'
import type { NanoUsd } from '../../costs/policy.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown, submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { ceilDiv, floorDivCount, min } from '../../money/integers.ts'
import { type Money, money, showMoney } from '../../money/money.ts'
import type { AccountPath, Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'
import { move } from '../settlement/legs.ts'
import { createAllowances } from './allowances.ts'
import { SET_ASIDE } from './exposureLegs.ts'

/** What the operator gives a day for gas above what it brings. */
const DUST: AccountPath = 'exposure:dust'
const DAY_MS = 86_400_000

type Parts = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  usd: Asset
  /** A day, in units of USD. */
  dayUnits: bigint
  /** What collecting a payment costs now in usual company, and alone; undefined where it is free or not known. */
  costOf: (rail: RailName) => Readonly<{ inCompany: NanoUsd; alone: NanoUsd }> | undefined
}>

/** A payment that may be dust. `alone`: nothing goes with it. `metered`: its price is a maximum, and may come to nothing. */
type Doubtful = Readonly<{ claimKey: string; rail: RailName; price: Money; alone: boolean; metered: boolean }>
/** What one payment took of which day, by what cost. */
type Taken = Readonly<{ units: bigint; cost: NanoUsd; day: number }>

export type Dust = ReturnType<typeof createDust>

/**
 * Payments whose gas costs more than they bring: they are collected all the same, and what that costs above them is the operator's, to a limit a day. It is
 * taken before the work, and given back when nothing is collected: who is not charged must not use up the day of those who pay.
 */
export function createDust(o: Parts) {
  const { books, clock, usd } = o
  const allowances = createAllowances(o)
  /** Of payments whose work runs. What a process that dies has not given back stays taken until the next day. */
  const taken = new Map<string, Taken>()
  const today = () => floorDivCount(clock.now(), DAY_MS)

  async function give({ units, day }: Taken): Promise<void> {
    // The next day was filled without it.
    if (units === 0n || day !== today()) return
    await submitWhenRoom(books, { claims: [], entry: newEntry(o, 'exposure', [move(SET_ASIDE, DUST, money(usd, units))]) })
  }

  return {
    /**
     * Takes the loss of one payment out of what is left of the day; throws `collection_too_dear` where that is too little, and then nothing is kept of the
     * payment.
     */
    async take({ claimKey, rail, price, alone, metered }: Doubtful): Promise<void> {
      const costs = o.costOf(rail)
      const cost = (alone ? costs?.alone : costs?.inCompany) ?? 0n
      const units = lossOf(cost, metered ? 0n : price.units)
      if (units === 0n) return
      await allowances.open([{ path: DUST, size: o.dayUnits }])
      const refused = () => {
        const detail = `Collecting ${metered ? 'up to ' : ''}${showMoney(price)} on ${rail} may cost ${showMoney(money(usd, units))} more than that now`
        return new GatewayError('collection_too_dear', detail, { meta: { rail } })
      }
      if (allowances.free(DUST) < units) throw refused()
      const day = today()
      const entry = newEntry(o, 'exposure', [move(DUST, SET_ASIDE, money(usd, units))])
      const outcome = await submitUntilKnown(books, { claims: [], entry })
      if (outcome.kind === 'declined') throw refused()
      taken.set(claimKey, { units, cost, day })
    },
    /** How a payment ended that may have taken something: `collected` is what of its price (USD) is collected, nothing when it is not. */
    async end(claimKey: string, collected: bigint): Promise<void> {
      const one = taken.get(claimKey)
      if (!one || !taken.delete(claimKey)) return
      const lost = collected > 0n ? min(lossOf(one.cost, collected), one.units) : 0n
      await give({ ...one, units: one.units - lost })
    },
  }
}

/** What collecting costs above what it brings, rounded up. */
function lossOf(cost: NanoUsd, units: bigint): bigint {
  const worth = units * NANO_PER_UNIT
  return cost > worth ? ceilDiv(cost - worth, NANO_PER_UNIT) : 0n
}
