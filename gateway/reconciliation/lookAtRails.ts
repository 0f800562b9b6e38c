import type { RailSides } from '../audit/reconcile/railRows.ts'
import { isGatewayError } from '../errors/gatewayError.ts'
import { submitWhenRoom } from '../ledger/process/submit.ts'
import { closesDays, type RailName } from '../ports/railName.ts'
import type { ReconciliationContext } from './context.ts'
import { toReconciliationFact } from './facts.ts'
import { createHoldings, type Holdings } from './holdings.ts'
import { createPaymentLooks, type PaymentSides } from './paymentBreaks.ts'
import { clearTold, openTold, type ToldSides } from './toldBreaks.ts'

/** Ids in one fact. */
const IDS_MAX = 250

/**
 * Rails that close no days: what they tell, hold and say again of payments. `settledMs`: a payment or a movement so old is judged. `settleMs`: what a
 * rail has by now is booked by then.
 */
export type MovingSides = RailSides & PaymentSides & ToldSides & Readonly<{ settleMs: number }>

/** What came of a look at one rail. `matched`: payments out that it has confirmed. */
export type RailLook = Readonly<{ rail: RailName; matched: number; breaks: number }>

/** A look at all rails that close no days, one after the other; a rail that does not answer is left to the next look. */
export function createRailLooks(c: ReconciliationContext, m: MovingSides) {
  const holdings: Holdings = createHoldings(c, m)
  const askAgain = createPaymentLooks(c, m)

  async function lookAt(of: MovingSides['statements'][number]): Promise<RailLook> {
    const { rail } = of
    const { confirmed, breaks: ofPayments } = await askAgain(rail)
    await writeConfirmed(c, rail, confirmed)
    const strangers = await of.statement.strangers?.()
    const told = await openTold(c, m, { rail, strangers })
    await clearTold(c, m, { rail, strangers })
    const held = await holdings.look(of)
    return { rail, matched: confirmed.length, breaks: ofPayments + told + held }
  }

  return async (): Promise<RailLook[]> => {
    const looks: RailLook[] = []
    for (const of of m.statements) {
      if (closesDays(of.rail)) continue
      try {
        looks.push(await lookAt(of))
      } catch (error) {
        if (!isGatewayError(error)) throw error
        c.log.warn({ rail: of.rail, code: error.code, detail: error.shortMessage }, 'it is compared with the ledger later')
      }
    }
    return looks
  }
}

async function writeConfirmed(c: ReconciliationContext, rail: RailName, confirmed: readonly string[]): Promise<void> {
  for (let at = 0; at < confirmed.length; at += IDS_MAX) {
    const data = { rail, expectations: confirmed.slice(at, at + IDS_MAX), movements: [] }
    await submitWhenRoom(c.books, { facts: [toReconciliationFact({ type: 'reconciliation.matched', id: rail, at: c.clock.now(), data })] })
  }
}
