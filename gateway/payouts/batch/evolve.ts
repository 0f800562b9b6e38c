import { invariant } from '../../errors/invariant.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import type { Batch } from './batch.ts'
import type { AppliedFact, PlanData } from './facts.ts'

/** The batch after one more fact that concerns it. A fact that cannot follow what stands is an impossible state. */
export function evolve(batch: Batch | undefined, fact: AppliedFact): Batch {
  if (fact.type === 'payout_batch.staged') {
    invariant(!batch || batch.status === 'staged', `${fact.id} has all its rows before it is created`)
    const before = batch ?? stagedBatch(fact)
    const { rows } = fact.data
    return { ...before, taken: before.taken + rows.length, text: before.text + JSON.stringify(rows).length }
  }
  invariant(batch, `${fact.type} ${fact.id} speaks of a batch that has no rows`)
  switch (fact.type) {
    case 'payout_batch.created': {
      const { asset, units, feeUnits, rows, taken, refused, deliverBy, metadata, createdBy, claims } = fact.data
      invariant(batch.status === 'staged' && batch.taken === taken, `${batch.id} is created once, with the rows that were staged`)
      const sums = { units: BigInt(units), feeUnits: BigInt(feeUnits), unmade: BigInt(units) }
      const about = { createdBy, createdAt: fact.at, claims, ...(deliverBy !== undefined && { deliverBy }), ...saidMetadata(metadata) }
      return { ...batch, status: 'open', asset, ...sums, rows, taken, refused: refused.length, ...about }
    }
    case 'payout_batch.abandoned':
      invariant(batch.status === 'staged', `${batch.id} was created, and cannot be abandoned`)
      return { ...batch, status: 'abandoned', endedAt: fact.at }
    case 'payout_batch.row_refused':
      return { ...batch, refused: batch.refused + 1, unmade: batch.canceled ? 0n : batch.unmade - BigInt(fact.data.units) }
    case 'payout_batch.canceled':
      return { ...batch, canceled: true, unmade: 0n }
    case 'payout_batch.planned':
      return { ...batch, plan: fact.data }
    case 'payout_batch.ended':
      invariant(batch.status === 'open' && batch.settled + batch.failed === batch.made, `${batch.id} ends once, when its payouts have`)
      return { ...batch, status: 'ended', endedAt: fact.at, ...(batch.plan && { plan: sumsAlone(batch.plan) }) }
    case 'payout.created': {
      const { amount, feeMax = '0' } = fact.data
      const unmade = batch.canceled ? 0n : batch.unmade - BigInt(amount.units) - BigInt(feeMax)
      return { ...batch, made: batch.made + 1, unmade }
    }
    case 'payout.settled':
      return { ...batch, settled: batch.settled + 1 }
    case 'payout.failed':
      return { ...batch, failed: batch.failed + 1 }
    case 'payout.returned':
      return { ...batch, returned: batch.returned + 1 }
  }
}

function stagedBatch({ id, at, data }: AppliedFact & { type: 'payout_batch.staged' }): Batch {
  return {
    id,
    status: 'staged',
    party: data.party,
    asset: undefined,
    units: 0n,
    feeUnits: 0n,
    unmade: 0n,
    rows: 0,
    taken: 0,
    text: 0,
    refused: 0,
    made: 0,
    settled: 0,
    failed: 0,
    returned: 0,
    canceled: false,
    createdBy: '',
    createdAt: at,
    endedAt: undefined,
    claims: [],
  }
}

/** Of a batch that has its end the sums of its plan are kept, and no more. */
function sumsAlone({ costs: _, ...plan }: PlanData): PlanData {
  return { ...plan, ways: [], rows: [], prefer: [] }
}
