import { invariant } from '../errors/invariant.ts'
import { money } from '../money/money.ts'
import type { DisputeFact } from '../payins/dispute/facts.ts'
import type { AssetOf, Dispute } from './dispute.ts'

/** The dispute after one more fact about it. A fact that cannot follow what stands is an impossible state. */
export function evolve(dispute: Dispute | undefined, fact: DisputeFact, assetOf: AssetOf): Dispute {
  if (fact.type === 'dispute.opened') {
    invariant(!dispute, `${fact.id} was opened twice`)
    return opened(fact, assetOf)
  }
  invariant(dispute && !dispute.end, `${fact.type} ${fact.id} speaks of a dispute that is open`)
  switch (fact.type) {
    case 'dispute.evidence_submitted': {
      const { text, references, by } = fact.data
      return { ...dispute, evidence: [...dispute.evidence, { text, references, by, at: fact.at }] }
    }
    case 'dispute.expired':
      return { ...dispute, expired: true }
    case 'dispute.decided': {
      const { outcome, cause, refund, by } = fact.data
      return { ...dispute, end: { outcome, cause, refund, by, at: fact.at } }
    }
  }
}

function opened({ id, at, data }: Extract<DisputeFact, { type: 'dispute.opened' }>, assetOf: AssetOf): Dispute {
  const asset = assetOf(data.asset)
  return {
    id,
    data,
    amount: money(asset, BigInt(data.units)),
    paid: money(asset, BigInt(data.paid)),
    left: money(asset, BigInt(data.left)),
    sources: data.sources.map(({ from, asset: of, units, share }) => ({
      from,
      amount: money(assetOf(of), BigInt(units)),
      share: BigInt(share),
    })),
    evidence: [],
    openedAt: at,
    expired: false,
    end: undefined,
  }
}
