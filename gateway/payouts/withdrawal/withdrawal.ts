import type { Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Fact } from '../../ports/books.ts'
import type { WithdrawalPlan } from '../../ports/chainWallet.ts'
import type { EntryId, WithdrawalId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'

/** `begun`: the books hold it, and the rail may have heard of it. `settled`: it has left for good. `failed`: nothing left, and the hold is released. */
export type WithdrawalStatus = 'begun' | 'settled' | 'failed'

/** Money on its way out of a rail's wallet. `entry` holds the amount (leg 0) and the fee (leg 1) until the end. Times in ms. */
export type Withdrawal = Readonly<{
  id: WithdrawalId
  rail: RailName
  place: string
  plan: WithdrawalPlan
  entry: EntryId
  status: WithdrawalStatus
  /** Of the transaction, once it has settled; why not, when it failed. */
  transaction: string | undefined
  detail: string | undefined
  createdAt: number
  endedAt: number | undefined
}>

/** `withdrawal.begun` as it goes into the journal. */
export function begunFact(w: Pick<Withdrawal, 'id' | 'rail' | 'place' | 'plan' | 'entry' | 'createdAt'>): Fact {
  const { address, amount, fee, inputs } = w.plan
  const data = { address, asset: amount.asset.id, units: `${amount.units}`, fee: `${fee.units}`, inputs: [...inputs] }
  return { type: 'withdrawal.begun', id: w.id, at: w.createdAt, data: { rail: w.rail, place: w.place, entry: w.entry, ...data } }
}

export type WithdrawalEnd = Readonly<{ status: 'settled'; transaction: string } | { status: 'failed'; detail: string }>

/** `withdrawal.settled` or `withdrawal.failed`. */
export function endedFact(id: WithdrawalId, end: WithdrawalEnd, at: number): Fact {
  const data = end.status === 'settled' ? { transaction: end.transaction } : { detail: end.detail }
  return { type: `withdrawal.${end.status}`, id, at, data }
}

/** Reads a fact of ours back; undefined for any other. Only what this file has written is read. */
export function withdrawalAfter(known: Withdrawal | undefined, fact: Fact, assetOf: (id: string) => Asset): Withdrawal | undefined {
  const d = fact.data as Record<string, string> & { inputs?: readonly string[] } // As the functions above write them.
  if (fact.type === 'withdrawal.begun') {
    const units = (text: string): Money => money(assetOf(d.asset!), BigInt(text))
    const plan = { address: d.address!, amount: units(d.units!), fee: units(d.fee!), inputs: d.inputs! }
    const about = { id: fact.id as WithdrawalId, rail: d.rail as RailName, place: d.place!, plan, entry: d.entry as EntryId }
    return { ...about, status: 'begun', transaction: undefined, detail: undefined, createdAt: fact.at, endedAt: undefined }
  }
  if (!known) return undefined
  if (fact.type === 'withdrawal.settled') return { ...known, status: 'settled', transaction: d.transaction, endedAt: fact.at }
  if (fact.type === 'withdrawal.failed') return { ...known, status: 'failed', detail: d.detail, endedAt: fact.at }
  return undefined
}
