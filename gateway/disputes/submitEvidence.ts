import { GatewayError } from '../errors/gatewayError.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { type DisputeFact, type EvidenceReference, toDisputeFact } from '../payins/dispute/facts.ts'
import { type Along, type Dispute, disputeStatus, stepKey } from './dispute.ts'
import type { DisputeContext } from './disputeContext.ts'
import { evolve } from './evolve.ts'

/** Pieces of one dispute, and above it one of each payee who has shown none: all of them are in memory until it is decided. */
const EVIDENCE_MAX = 5

export type SubmitEvidence = Readonly<{ text: string; references: readonly EvidenceReference[]; by: string; along: Along }>

/** Writes down what its payees show, until its time is over. Throws `dispute_not_due`. */
export async function submitEvidence({ refunds, records }: DisputeContext, dispute: Dispute, o: SubmitEvidence): Promise<void> {
  const { books, clock, assetOf } = refunds
  const { text, references, by } = o
  const { id, end, expired, data, evidence } = dispute
  const at = clock.now()
  if (end) throw new GatewayError('dispute_not_due', `${id} is ${disputeStatus(dispute)} already`)
  if (expired || at >= data.dueAt)
    throw new GatewayError('dispute_not_due', `Evidence for ${id} was due by ${new Date(data.dueAt).toISOString()}`)
  if (evidence.length >= EVIDENCE_MAX && evidence.some((piece) => piece.by === by))
    throw new GatewayError('dispute_not_due', `${id} has ${EVIDENCE_MAX} pieces of evidence, and takes no more from ${by}`)
  const fact: DisputeFact = { type: 'dispute.evidence_submitted', id, at, data: { text, references, by } }
  const along = o.along(evolve(dispute, fact, assetOf))
  const outcome = await submitUntilKnown(books, {
    claims: [{ key: stepKey(dispute), fingerprint: `evidence ${at} ${by}` }, ...along.claims],
    facts: [toDisputeFact(fact), ...along.facts],
  })
  if (outcome.kind === 'conflict')
    throw new GatewayError(
      'dispute_not_due',
      `Something else was done with ${id} at the same time; it is ${disputeStatus(records.get(id)!)}`,
    )
}
