import type { Money } from '../money/money.ts'
import type { AccountPath, Fact, Leg } from '../ports/books.ts'
import { strayLegs, takenLegs } from './entries.ts'
import type { Exchange } from './exchange.ts'
import type { ExchangeRecords } from './exchangeRecords.ts'
import { toFact } from './facts.ts'

/** What it means to the books that the rail reports an exchange's payment as ours: what was held is posted; one that was let go is the party's. */
function takenBooking(x: Exchange, o: { place: AccountPath; amount: Money; at: number }): { legs: Leg[]; facts: Fact[] } {
  const stray = x.pay.kind !== 'hold' || !x.held || x.released !== undefined || x.lost || x.paid
  const facts = [toFact({ type: 'exchange.taken', id: x.id, at: o.at, data: { stray } })]
  if (x.pay.kind !== 'hold' || stray) return { legs: strayLegs(x, o.place, o.amount), facts }
  return { legs: takenLegs(x, x.pay), facts }
}

/** What pay-ins ask by payment hash when the rail reports an arrival: the exchange that it was held for, and what it means to the books. */
export function heldPaymentIn(exchanges: Pick<ExchangeRecords, 'byHash'>) {
  return (hash: string) => {
    const x = exchanges.byHash(hash)
    return x && { id: x.id, booking: (arrival: Parameters<typeof takenBooking>[1]) => takenBooking(x, arrival) }
  }
}
