import { invariant } from '../../errors/invariant.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import type { PassTerms } from '../challenge/passTerms.ts'
import type { PassFact, PassId } from './facts.ts'

/** A pass that was bought. Times in ms; `perUse` and `uses` are 0 but for a pass of uses; `party` or `split`: whom its money is for. */
export type Pass = Readonly<{
  id: PassId
  kind: PassTerms['kind']
  route: string
  receipt: ReceiptId
  entry: EntryId
  asset: string
  units: bigint
  /** What was asked for it. */
  msat: bigint
  uses: number
  perUse: bigint
  party: string
  split: string
  seller: string
  boughtAt: number
  endsAt: number
  ended: boolean
  /** What went back to the payer when it ended, in msat. */
  backMsat: bigint
}>

export function passId(paymentHash: string): PassId {
  return `ps_${paymentHash.slice(0, 32)}`
}

/** What is left of a pass. A pass for a time has none: its money is its payee's. */
export function passAccount(id: PassId): AccountPath {
  return `pass:${id}`
}

/** The pass after one more fact about it. */
export function passAfter(pass: Pass | undefined, fact: PassFact): Pass {
  if (fact.type === 'pass.bought') {
    const { kind, route, receipt, entry, asset, units, msat, endsAt, uses = 0, perUse = '0', party = '', split = '' } = fact.data
    const { seller = party || split } = fact.data
    const money = { asset, units: BigInt(units), msat: BigInt(msat), uses, perUse: BigInt(perUse) }
    return {
      id: fact.id,
      kind,
      route,
      receipt,
      entry,
      ...money,
      party,
      split,
      seller,
      boughtAt: fact.at,
      endsAt,
      ended: false,
      backMsat: 0n,
    }
  }
  invariant(pass, `the pass ${fact.id} was bought before anything else of it`)
  return fact.type === 'pass.narrowed' ? pass : { ...pass, ended: true, backMsat: BigInt(fact.data.msat ?? 0) }
}
