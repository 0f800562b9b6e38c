import { createOrderedRecords, type PageOf } from '../ledger/process/orderedRecords.ts'
import { payoutOf } from '../payouts/payout/facts.ts'
import type { Books } from '../ports/books.ts'
import type { ExchangeId } from '../ports/ids.ts'
import { evolve } from './evolve.ts'
import { type Exchange, isEnded } from './exchange.ts'
import { type AppliedFact, readFact } from './facts.ts'

/** All exchanges as the journal's facts make them: at start from what stands, then live, before a submission resolves. */
export type ExchangeRecords = Readonly<{
  get(id: string): Exchange | undefined
  byHash(hash: string): Exchange | undefined
  /** The exchange that took this claim when it was created. */
  byClaim(key: string): Exchange | undefined
  open(): Exchange[]
  openCount(): number
  exceptions(): Exchange[]
  list(page: PageOf): Exchange[]
  /** Told of each exchange that a fact has changed. */
  onChange(listener: (id: ExchangeId) => void): void
}>

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createExchangeRecords(books: Books, options: { endedKept?: number } = {}): ExchangeRecords {
  /** Named by hash, claim, payout and intent; each kind has a shape of its own. */
  const exchanges = createOrderedRecords<Exchange>({ archive: books.archive('exchange.store'), ...options })
  const listeners: ((id: ExchangeId) => void)[] = []
  const idOf = (name: string) => exchanges.named(name)?.id

  function concerned(fact: AppliedFact): ExchangeId | undefined {
    if (fact.type.startsWith('exchange.')) return fact.id as ExchangeId // Facts of exchanges are named by them.
    if (fact.type === 'intent.settled' || fact.type === 'intent.expired' || fact.type === 'intent.canceled') return idOf(fact.id)
    return idOf(payoutOf(fact as Parameters<typeof payoutOf>[0])) // What is left are facts of payouts.
  }

  function take(fact: AppliedFact): void {
    const id = concerned(fact)
    if (id === undefined) return
    const x = evolve(exchanges.get(id), fact)
    exchanges.put(x, { open: !isEnded(x), exceptional: x.exceptions.length > 0 })
    if (fact.type === 'exchange.created') {
      for (const name of [...fact.data.claims, x.leg.payout]) exchanges.name(name, id)
      for (const name of x.pay.kind === 'hold' ? [x.pay.hash] : [x.pay.intent, x.pay.refund]) exchanges.name(name, id)
    }
    for (const listener of listeners) listener(id)
  }

  books.remember({
    ...{ name: 'exchange.store', form: 2, tables: exchanges.tables, derive: exchanges.derive },
    apply(fact) {
      const known = readFact(fact)
      if (known) take(known)
    },
  })

  return {
    get: exchanges.get,
    byHash(hash) {
      const x = exchanges.named(hash)
      return x?.pay.kind === 'hold' && x.pay.hash === hash ? x : undefined
    },
    byClaim: exchanges.named,
    open: exchanges.open,
    openCount: exchanges.openCount,
    exceptions: () => exchanges.exceptions().reverse(),
    list: exchanges.list,
    onChange: (listener) => void listeners.push(listener),
  }
}
