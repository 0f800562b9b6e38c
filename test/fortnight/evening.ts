import { breaksOf, suspenseOf } from './findings.ts'
import type { Payments } from './payments.ts'
import { ANNA, BERT, type FortnightWorld } from './world.ts'

const WHY = { reason: 'the bank was asked', evidence: { text: 'letter of the bank' } }
const LAST_DIGIT = /([0-9])"/

/**
 * What two operators do each evening. An entry that is proposed is booked, by the word of both where it needs two; what is missing is given to bert, who asks
 * the bank; a payment that left with another amount is ended as paid; of money that is nobody's every second sum finds its party, and the rest waits.
 */
export async function evening(w: FortnightWorld, p: Payments): Promise<void> {
  for (const one of await breaksOf(w)) {
    if (one.status !== 'open') continue
    const [attempt] = one.expectations.filter((id) => id.startsWith('at_'))
    const mayBook =
      one.kind !== 'missing' && one.proposal && !(attempt && (await isUnderWay(w, p, { attempt, evidence: one.movements[0] ?? '' })))
    if (mayBook) await w.call('POST', `/v1/reconciliation/${one.id}/resolve`, { how: 'entry', ...WHY }, ANNA)
    else if (!one.owner) await w.call('POST', `/v1/reconciliation/${one.id}/assign`, { to: 'bert' }, ANNA)
  }
  const { waiting, data } = await suspenseOf(w)
  for (const { id } of waiting) await w.call('POST', `/v1/suspense/actions/${id}/approve`, {}, BERT)
  for (const { id, amount } of data) {
    const digit = LAST_DIGIT.exec(JSON.stringify(amount))?.[1] ?? '0'
    if ('13579'.includes(digit)) await w.call('POST', '/v1/suspense/assign', { item: id, to: p.sellers[0]!.id, ...WHY }, ANNA)
  }
}

/** Whether the payment has no end yet. One that its rail will not end is ended here, by the bank's own reference. */
async function isUnderWay(
  { call }: FortnightWorld,
  p: Payments,
  { attempt, evidence }: Readonly<{ attempt: string; evidence: string }>,
): Promise<boolean> {
  const payout = await p.payoutOf(attempt)
  if (payout?.attempts.find(({ id }) => id === attempt)?.outcome !== 'unknown') return false
  const told = { outcome: 'settled', reason: WHY.reason, evidence }
  const { status } = await call('POST', `/v1/payouts/${payout.id}/attempts/${attempt}/outcome`, told, ANNA)
  return status !== 201
}
