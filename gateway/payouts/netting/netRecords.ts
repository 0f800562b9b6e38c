import { type Records, recordsOf } from '../../ledger/process/recordsOf.ts'
import type { Books } from '../../ports/books.ts'
import type { PayoutId } from '../../ports/ids.ts'
import { payoutOf } from '../payoutState/facts.ts'
import { evolve } from './evolve.ts'
import { type AppliedFact, readFact } from './facts.ts'
import { addGain, type Gain, NO_GAIN } from './gain.ts'
import type { Net } from './net.ts'

/** All nets as the journal's facts make them. */
export type NetRecords = Records<Net> &
  Readonly<{
    /** The net that this payout joined. */
    ofMember(id: string): Net | undefined
    byClaim(key: string): PayoutId | undefined
    gainOf(source: string): Gain
  }>

/** Nets are named by the payouts that joined, by the one that pays for all, and by the claims that those who joined took. */
const nameOf = {
  member: (id: string) => `member ${id}`,
  payment: (id: string) => `payment ${id}`,
  claim: (key: string) => `claim ${key}`,
}

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createNetRecords(books: Books, { endedKept }: { endedKept?: number } = {}): NetRecords {
  const gains = new Map<string, Gain>()
  const nets = recordsOf<Net, AppliedFact>({
    books,
    name: 'netting.store',
    form: 3,
    read: readFact,
    idOf,
    evolve,
    isOpen: ({ ended }) => !ended,
    names: namesIn,
    beside: {
      tables: { gains },
      apply(fact, net) {
        if (fact.type === 'netting.ended' && net.payment === 'settled') addGain(gains, net)
      },
    },
    endedKept,
  })
  return {
    ...nets,
    ofMember: (id) => nets.named(nameOf.member(id)),
    byClaim: (key) => nets.named(nameOf.claim(key))?.members.find(({ claims }) => claims.includes(key))?.id,
    gainOf: (source) => gains.get(source) ?? NO_GAIN,
  }
}

function idOf(fact: AppliedFact, named: (name: string) => Net | undefined): string | undefined {
  if (fact.type === 'netting.joined') return fact.data.net
  if (fact.type === 'netting.closed' || fact.type === 'netting.ended') return fact.id
  return named(nameOf.payment(payoutOf(fact)))?.id
}

function namesIn(fact: AppliedFact): readonly string[] {
  if (fact.type === 'netting.joined') return [nameOf.member(fact.id), ...fact.data.claims.map(nameOf.claim)]
  return fact.type === 'netting.closed' ? [nameOf.payment(fact.data.pays)] : []
}
