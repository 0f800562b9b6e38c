import { invariant } from '../../errors/invariant.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import type { PassFact, PassId, PassKind } from './facts.ts'

/** A pass that was bought. Times in ms; `perUse` and `uses` are 0 but for a pass of uses; `party` or `split`: whom its money is for. */
export type Pass = Readonly<{
  id: PassId
  kind: PassKind
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
  /** Where what is left of a session is paid to; '' of every other pass. */
  returnInvoice: string
  /** That was tried, or there was nothing to pay. */
  returned: boolean
}>

/** Below one satoshi, in msat, nothing is paid back. */
export const SATOSHI = 1_000n

export function passId(paymentHash: string): PassId {
  return `ps_${paymentHash.slice(0, 32)}`
}

/** What is left of a pass. A pass for a time has none: its money is its payee's. */
export function passAccount(id: PassId): AccountPath {
  return `pass:${id}`
}

/** Whether what is left at its end is its payer's. */
export function goesBack({ kind }: Pick<Pass, 'kind'>): boolean {
  return kind === 'budget' || kind === 'session'
}

/** What was left of it has to be paid to its return invoice yet. */
export function isOwing({ ended, returned, returnInvoice, backMsat }: Pass): boolean {
  return ended && !returned && returnInvoice !== '' && backMsat >= SATOSHI
}

/** The pass after one more fact about it. */
export function passAfter(pass: Pass | undefined, fact: PassFact): Pass {
  if (fact.type === 'pass.bought') {
    const { kind, route, receipt, entry, asset, units, msat, endsAt, uses = 0, perUse = '0', party = '', split = '' } = fact.data
    const { seller = party || split, returnInvoice = '' } = fact.data
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
      returnInvoice,
      returned: false,
    }
  }
  invariant(pass, `the pass ${fact.id} was bought before anything else of it`)
  switch (fact.type) {
    case 'pass.narrowed':
      return pass
    case 'pass.added':
      return { ...pass, units: pass.units + BigInt(fact.data.units), msat: pass.msat + BigInt(fact.data.units) }
    case 'pass.returned':
      return { ...pass, returned: true }
    case 'pass.ended':
      return { ...pass, ended: true, backMsat: BigInt(fact.data.msat ?? 0) }
  }
}
