import type { NanoUsd } from '../../costs/policy.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { ceilDiv } from '../../money/integers.ts'
import { type Money, money, showMoney } from '../../money/money.ts'
import type { AccountPath, Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'
import { move } from '../settlement/legs.ts'
import { createAllowances } from './allowances.ts'
import { SET_ASIDE } from './exposureLegs.ts'

/** What the operator gives a day for gas above what it brings. */
const DUST: AccountPath = 'exposure:dust'
/** A price is in millionths of a dollar. */
const NANO_PER_UNIT = 1_000n

type Parts = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  usd: Asset
  /** A day, in units of USD. */
  dayUnits: bigint
  /** What collecting a payment costs now in usual company; undefined where it is free or not known. */
  costOf: (rail: RailName) => NanoUsd | undefined
}>

export type Dust = ReturnType<typeof createDust>

/** Payments whose gas costs more than they bring: they are collected all the same, and what that costs above them is the operator's, to a limit a day. */
export function createDust(o: Parts) {
  const { books, usd } = o
  const allowances = createAllowances(o)

  /** What collecting this costs above what it brings, rounded up. */
  function lossOf(rail: RailName, price: Money): bigint {
    const cost = o.costOf(rail) ?? 0n
    const worth = price.units * NANO_PER_UNIT
    return cost > worth ? ceilDiv(cost - worth, NANO_PER_UNIT) : 0n
  }

  return {
    /** Takes the loss of one payment out of what is left of the day; throws `collection_too_dear` where that is too little, and then nothing is kept of the payment. */
    async take(rail: RailName, price: Money): Promise<void> {
      const units = lossOf(rail, price)
      if (units === 0n) return
      await allowances.open([{ path: DUST, size: o.dayUnits }])
      const refused = () => {
        const detail = `Collecting ${showMoney(price)} on ${rail} costs ${showMoney(money(usd, units))} more than that now`
        return new GatewayError('collection_too_dear', detail, { meta: { rail } })
      }
      if (allowances.free(DUST) < units) throw refused()
      const entry = newEntry(o, 'exposure', [move(DUST, SET_ASIDE, money(usd, units))])
      const outcome = await submitUntilKnown(books, { claims: [], entry })
      if (outcome.kind === 'declined') throw refused()
    },
  }
}
