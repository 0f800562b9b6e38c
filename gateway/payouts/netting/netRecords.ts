import { createOrderedRecords } from '../../ledger/process/orderedRecords.ts'
import type { Books } from '../../ports/books.ts'
import type { NetId, PayoutId } from '../../ports/ids.ts'
import { payoutOf } from '../payout/facts.ts'
import type { NanoUsd } from '../router/policy.ts'
import { evolve } from './evolve.ts'
import { type AppliedFact, readFact } from './facts.ts'
import { type Net, savedNano, sharesOf } from './net.ts'

/** What netting did for one source: its payouts that were paid so, in how many payments, and its share of what that was expected to save. */
export type Gain = Readonly<{ payouts: number; payments: number; savedNano: NanoUsd }>

/** All nets as the journal's facts make them. */
export type NetRecords = Readonly<{
  get(id: string): Net | undefined
  /** The net that this payout joined. */
  ofMember(id: string): Net | undefined
  byClaim(key: string): PayoutId | undefined
  open(): Net[]
  openCount(): number
  gainOf(source: string): Gain
  onChange(listener: (id: NetId) => void): void
}>

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createNetRecords(books: Books, options: { endedKept?: number } = {}): NetRecords {
  const nets = createOrderedRecords<Net>({ archive: books.archive('netting.store'), ...options })
  /** Nets are named by the payouts that joined, by the one that pays for all, and by the claims that those who joined took. */
  const nameOf = {
    member: (id: string) => `member ${id}`,
    payment: (id: string) => `payment ${id}`,
    claim: (key: string) => `claim ${key}`,
  }
  const gains = new Map<string, Gain>()
  // No net needs a person.
  const { exceptional: _, ...tables } = nets.tables
  const listeners: ((id: NetId) => void)[] = []

  function concerned(fact: AppliedFact): NetId | undefined {
    if (fact.type === 'netting.joined') return fact.data.net
    if (fact.type === 'netting.closed' || fact.type === 'netting.ended') return fact.id
    return nets.named(nameOf.payment(payoutOf(fact)))?.id
  }

  function take(fact: AppliedFact): void {
    const id = concerned(fact)
    if (id === undefined) return
    const net = evolve(nets.get(id), fact)
    nets.put(net, { open: !net.ended, exceptional: false })
    if (fact.type === 'netting.joined') {
      nets.name(nameOf.member(fact.id), id)
      for (const key of fact.data.claims) nets.name(nameOf.claim(key), id)
    } else if (fact.type === 'netting.closed') nets.name(nameOf.payment(fact.data.pays), id)
    if (fact.type === 'netting.ended' && net.payment === 'settled') gain(net)
    for (const listener of listeners) listener(id)
  }

  function gain(net: Net): void {
    const shares = sharesOf(net, savedNano(net) ?? 0n)
    const paid = new Set<string>()
    for (const [i, { source }] of net.members.entries()) {
      const { payouts, payments: times, savedNano: saved } = gains.get(source) ?? { payouts: 0, payments: 0, savedNano: 0n }
      gains.set(source, { payouts: payouts + 1, payments: paid.has(source) ? times : times + 1, savedNano: saved + shares[i]! })
      paid.add(source)
    }
  }

  books.remember({
    ...{ name: 'netting.store', form: 2, tables: { ...tables, gains }, derive: nets.derive },
    apply(fact) {
      const known = readFact(fact)
      if (known) take(known)
    },
  })

  return {
    get: nets.get,
    ofMember: (id) => nets.named(nameOf.member(id)),
    byClaim: (key) => nets.named(nameOf.claim(key))?.members.find(({ claims }) => claims.includes(key))?.id,
    openCount: nets.openCount,
    open: nets.open,
    gainOf: (source) => gains.get(source) ?? { payouts: 0, payments: 0, savedNano: 0n },
    onChange: (listener) => void listeners.push(listener),
  }
}
