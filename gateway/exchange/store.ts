import { payoutOf } from '../payout/facts.ts'
import { createOrderedRecords, type PageOf } from '../payout/orderedRecords.ts'
import type { Books } from '../ports/books.ts'
import type { ExchangeId } from '../ports/ids.ts'
import { evolve } from './evolve.ts'
import { type Exchange, isEnded } from './exchange.ts'
import { type HeardFact, readFact } from './facts.ts'

/** All exchanges as the journal's facts make them: at start from what stands, then live, before a submission resolves. */
export type ExchangeStore = Readonly<{
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

/** Listens to the books; make it before they start. */
export function createExchangeStore(books: Books): ExchangeStore {
  const exchanges = createOrderedRecords<Exchange>()
  /** By hash, claim, payout and intent. Each kind has a shape of its own, so one table will do. */
  const names = new Map<string, ExchangeId>()
  const listeners: ((id: ExchangeId) => void)[] = []
  const named = (name: string) => exchanges.get(names.get(name) ?? '')

  function concerned(fact: HeardFact): ExchangeId | undefined {
    if (fact.type.startsWith('exchange.')) return fact.id as ExchangeId // Facts of exchanges are named by them.
    if (fact.type === 'intent.settled' || fact.type === 'intent.expired' || fact.type === 'intent.canceled') return names.get(fact.id)
    return names.get(payoutOf(fact as Parameters<typeof payoutOf>[0])) // What is left are facts of payouts.
  }

  function take(fact: HeardFact): void {
    const id = concerned(fact)
    if (id === undefined) return
    const x = evolve(exchanges.get(id), fact)
    exchanges.put(x, { open: !isEnded(x), exceptional: x.exceptions.length > 0 })
    if (fact.type === 'exchange.created') {
      for (const name of [...fact.data.claims, x.leg.payout]) names.set(name, id)
      for (const name of x.pay.kind === 'hold' ? [x.pay.hash] : [x.pay.intent, x.pay.refund]) names.set(name, id)
    }
    for (const listener of listeners) listener(id)
  }

  books.remember({
    ...{ name: 'exchange.store', form: 1, tables: { ...exchanges.tables, names }, derive: exchanges.derive },
    hear(fact) {
      const heard = readFact(fact)
      if (heard) take(heard)
    },
  })

  return {
    get: exchanges.get,
    byHash(hash) {
      const x = named(hash)
      return x?.pay.kind === 'hold' && x.pay.hash === hash ? x : undefined
    },
    byClaim: (key) => named(key),
    open: exchanges.open,
    openCount: exchanges.openCount,
    exceptions: () => exchanges.exceptions().reverse(),
    list: exchanges.list,
    onChange: (listener) => void listeners.push(listener),
  }
}
