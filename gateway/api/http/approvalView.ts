import { type Approval, type Hand, wanting } from '../../approvals/approval.ts'
import type { Caller } from './authenticate.ts'
import { moneyView } from './views.ts'

/** What waits, as its asker and those who may agree see it. Who of the operators it was is the operators' own. */
export function approvalView(approval: Approval, reader: Pick<Caller, 'kind'>) {
  const { id, status, what, why, needs, given, refused, party, amount, order, at, expiresAt } = approval
  const time = (ms: number) => new Date(ms).toISOString()
  const hand = ({ by, person, key }: Hand) => {
    if (by.startsWith('pa_')) return { of: 'party', person: person ?? null, key: key ?? null }
    return { of: 'gateway', person: reader.kind === 'operator' ? (person ?? null) : null, key: null }
  }
  return {
    id,
    object: 'approval',
    status,
    what,
    request: JSON.parse(approval.request) as Readonly<Record<string, unknown>>, // As it was asked.
    why,
    needs,
    waits_for: status === 'needs_approval' ? wanting(approval) : [],
    given: given.map((one) => ({ as: one.as, at: time(one.at), by: hand(one) })),
    asked_by: hand(approval.asked),
    refused_by: refused ? hand(refused) : null,
    party: party ?? null,
    amount: amount ? moneyView(amount) : null,
    payout: order?.payout ?? null,
    asked_at: time(at),
    expires_at: time(expiresAt),
  }
}
