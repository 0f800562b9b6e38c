import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import { payoutOf } from '../payouts/payoutState/facts.ts'
import type { Books } from '../ports/books.ts'
import { evolve } from './evolve.ts'
import { type Exchange, isEnded } from './exchange.ts'
import { type AppliedFact, isExchangeFact, isIntentFact, readFact } from './facts.ts'

/** All exchanges as the journal's facts make them. */
export type ExchangeRecords = Records<Exchange> &
  Readonly<{
    byHash(hash: string): Exchange | undefined
    /** The exchange that took this claim when it was created. */
    byClaim(key: string): Exchange | undefined
  }>

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createExchangeRecords(books: Books, { endedKept }: { endedKept?: number } = {}): ExchangeRecords {
  const exchanges = recordsOf<Exchange, AppliedFact>({
    books,
    name: 'exchange.store',
    form: 2,
    read: readFact,
    idOf,
    evolve,
    isOpen: (x) => !isEnded(x),
    isExceptional: ({ exceptions }) => exceptions.length > 0,
    names: namesIn,
    endedKept,
  })
  return {
    ...exchanges,
    byHash(hash) {
      const x = exchanges.named(hash)
      return x?.pay.kind === 'hold' && x.pay.hash === hash ? x : undefined
    },
    byClaim: exchanges.named,
    exceptions: () => exchanges.exceptions().reverse(),
  }
}

function idOf(fact: AppliedFact, named: (name: string) => Exchange | undefined): string | undefined {
  if (isExchangeFact(fact)) return fact.id
  return named(isIntentFact(fact) ? fact.id : payoutOf(fact))?.id
}

/** Named by claim, payout, hash, intent and refund; each kind has a shape of its own. */
function namesIn(fact: AppliedFact, { leg, pay }: Exchange): readonly string[] {
  if (fact.type !== 'exchange.created') return []
  return [...fact.data.claims, leg.payout, ...(pay.kind === 'hold' ? [pay.hash] : [pay.intent, pay.refund])]
}
