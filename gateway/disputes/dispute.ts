import type { Asset } from '../money/asset.ts'
import type { Money } from '../money/money.ts'
import type { DisputeCause, DisputeOpenedData, DisputeOutcome, EvidenceReference } from '../payins/dispute/facts.ts'
import type { AccountPath, Claim, Fact } from '../ports/books.ts'
import type { DisputeId, RefundId } from '../ports/ids.ts'

/** Shown once: it is never changed, and more is another piece. */
type Evidence = Readonly<{ text: string; references: readonly EvidenceReference[]; by: string; at: number }>

type Source = Readonly<{ from: AccountPath; amount: Money; share: bigint }>

/**
 * A payment, or a part of it, that its payer contests, as the journal's facts make it. `amount` is in the asset that was paid; `sources` are in the asset that
 * its payees were given, and hold in reserve. `expired`: its time was over without evidence, and an operator decides.
 */
export type Dispute = Readonly<{
  id: DisputeId
  data: DisputeOpenedData
  amount: Money
  paid: Money
  left: Money
  sources: readonly Source[]
  evidence: readonly Evidence[]
  openedAt: number
  expired: boolean
  end: Readonly<{ outcome: DisputeOutcome; cause: DisputeCause; refund: RefundId | undefined; by: string; at: number }> | undefined
}>

export type DisputeStatus = 'needs_evidence' | 'under_review' | DisputeOutcome

/** What becomes durable with a step: an idempotency key, and the answer kept for it. */
export type Along = (after: Dispute) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

export type AssetOf = (id: string) => Asset

/** Where a dispute stands, in one word. */
export function disputeStatus({ end, evidence, expired }: Pick<Dispute, 'end' | 'evidence' | 'expired'>): DisputeStatus {
  if (end) return end.outcome
  return evidence.length > 0 || expired ? 'under_review' : 'needs_evidence'
}

/** The single use of what comes next of a dispute, so that of two at once the books let one be. */
export function stepKey({ id, evidence, expired }: Pick<Dispute, 'id' | 'evidence' | 'expired'>): string {
  return `dispute:${id}:step:${evidence.length + (expired ? 1 : 0)}`
}

/** A party to whom it is shown: one that the payment was shared with. */
export function isOf({ data: { parties, payee } }: Pick<Dispute, 'data'>, party: string): boolean {
  return payee === party || parties.includes(party)
}

/** True where nobody else's money is in reserve, so that the party may give it up alone. */
export function isAlone({ sources }: Pick<Dispute, 'sources'>, party: string): boolean {
  return sources.every(({ from }) => !from.startsWith('party:') || from === `party:${party}`)
}
