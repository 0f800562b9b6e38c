import { payoutOf } from '../payout/facts.ts'
import type { Books } from '../ports/books.ts'
import type { NetId, PayoutId } from '../ports/ids.ts'
import type { NanoUsd } from '../router/policy.ts'
import { evolve } from './evolve.ts'
import { type HeardFact, readFact } from './facts.ts'
import { type Net, savedNano, sharesOf } from './net.ts'

/** What netting did for one source: its payouts that were paid so, in how many payments, and its share of what that was expected to save. */
export type Gain = Readonly<{ payouts: number; payments: number; savedNano: NanoUsd }>

/** All nets as the journal's facts make them. */
export type NetStore = Readonly<{
  get(id: string): Net | undefined
  /** The net that this payout joined. */
  ofMember(id: string): Net | undefined
  byClaim(key: string): PayoutId | undefined
  open(): Net[]
  openCount(): number
  gainOf(source: string): Gain
  onChange(listener: (id: NetId) => void): void
}>

/** Listens to the books; make it before they start. */
export function createNetStore(books: Books): NetStore {
  const nets = new Map<string, Net>()
  const members = new Map<string, NetId>()
  const payments = new Map<string, NetId>()
  const claims = new Map<string, PayoutId>()
  const open = new Set<NetId>()
  const gains = new Map<string, Gain>()
  const listeners: ((id: NetId) => void)[] = []

  function concerned(fact: HeardFact): NetId | undefined {
    if (fact.type === 'netting.joined') return fact.data.net
    if (fact.type === 'netting.closed' || fact.type === 'netting.ended') return fact.id
    return payments.get(payoutOf(fact))
  }

  function take(fact: HeardFact): void {
    const id = concerned(fact)
    if (id === undefined) return
    const net = evolve(nets.get(id), fact)
    nets.set(id, net)
    if (fact.type === 'netting.joined') {
      members.set(fact.id, id)
      open.add(id)
      for (const key of fact.data.claims) claims.set(key, fact.id)
    } else if (fact.type === 'netting.closed') payments.set(fact.data.pays, id)
    if (net.ended && open.delete(id) && net.payment === 'settled') gain(net)
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
    ...{ name: 'netting.store', form: 1, tables: { nets, members, payments, claims, open, gains } },
    hear(fact) {
      const heard = readFact(fact)
      if (heard) take(heard)
    },
  })

  return {
    get: (id) => nets.get(id),
    ofMember: (id) => nets.get(members.get(id) ?? ''),
    byClaim: (key) => claims.get(key),
    openCount: () => open.size,
    open: () => [...open].map((id) => nets.get(id)!),
    gainOf: (source) => gains.get(source) ?? { payouts: 0, payments: 0, savedNano: 0n },
    onChange: (listener) => void listeners.push(listener),
  }
}
