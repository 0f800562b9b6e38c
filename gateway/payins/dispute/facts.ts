import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { DisputeId, EntryId, IntentId, ReceiptId, RefundId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { UsedMandate } from '../../ports/usedMandate.ts'
import type { RefundCreatedData } from '../refund/facts.ts'

export type DisputeReason = 'not_received' | 'not_as_described' | 'not_authorized' | 'duplicate' | 'other'

/**
 * `request`: the receipt of a paid request, or the intent. `units` of `asset`, what was paid, are disputed; `sources` hold in reserve what they cost; `left`
 * can still be given back besides. `mandate`: by which an agent has paid it. `dueAt`: until then its payees may show evidence.
 */
export type DisputeOpenedData = Readonly<{
  request: ReceiptId | IntentId
  receipt: ReceiptId
  rail: RailName
  payee: string
  parties: readonly string[]
  asset: string
  units: string
  paid: string
  left: string
  sources: RefundCreatedData['sources']
  entry: EntryId
  dueAt: number
  reason: DisputeReason
  note: string
  by: string
  metadata: Readonly<Record<string, string>>
  mandate?: UsedMandate
}>

export type EvidenceReference = Readonly<{ kind: 'receipt' | 'delivery' | 'log'; value: string }>
export type DisputeOutcome = 'won' | 'lost'
/** `decided` by an operator, `accepted` by its payee, or `expired` without evidence. */
export type DisputeCause = 'decided' | 'accepted' | 'expired'

type DecidedData = Readonly<{
  request: string
  outcome: DisputeOutcome
  cause: DisputeCause
  by: string
  entry?: EntryId
  refund?: RefundId
}>
type EvidenceData = Readonly<{ text: string; references: readonly EvidenceReference[]; by: string }>

/** What becomes of a dispute, by its id. `dispute.expired`: its time was over without evidence, and an operator decides. `refund`: what a lost one became. */
export type DisputeFact =
  | FactOf<'dispute.opened', DisputeId, DisputeOpenedData>
  | FactOf<'dispute.evidence_submitted', DisputeId, EvidenceData>
  | FactOf<'dispute.expired', DisputeId, Readonly<Record<string, never>>>
  | FactOf<'dispute.decided', DisputeId, DecidedData>

const kinds = factKinds<DisputeFact>({
  'dispute.opened': true,
  'dispute.evidence_submitted': true,
  'dispute.expired': true,
  'dispute.decided': true,
})

export const toDisputeFact = kinds.write
export const readDisputeFact = kinds.read
