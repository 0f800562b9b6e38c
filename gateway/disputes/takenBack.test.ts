import { describe, expect, onTestFinished, test } from 'vitest'
import { USDC } from '../../test/payout/payoutWorld.ts'
import { boot, expectSound, ONE, outside, PAID, PAYER_ACCOUNT, type RefundWorld, receiptOf } from '../../test/refund/refundWorld.ts'
import type { DisputeOutcome } from '../payins/dispute/facts.ts'
import type { Dispute } from './dispute.ts'

async function opened(o = outside()): Promise<RefundWorld> {
  const w = await boot(o)
  onTestFinished(() => w.close())
  return w
}
const along = () => ({ claims: [], facts: [] })
const show = (w: RefundWorld, id: string) => w.disputes.submit(id, { text: 'It was delivered', references: [], by: ONE, along })
const decide = (w: RefundWorld, id: string, outcome: DisputeOutcome) =>
  w.disputes.decide(id, { outcome, cause: 'decided', by: 'operator', along })
const accept = (w: RefundWorld, id: string) => w.disputes.decide(id, { outcome: 'lost', cause: 'accepted', by: ONE, along })
const refundOf = (w: RefundWorld, { id }: Pick<Dispute, 'id'>) => w.refunds.given.get(w.disputes.get(id).end!.refund!)
const wordOf = (w: RefundWorld) => w.heard().findLast(({ type }) => type === 'receipt.updated')?.data
async function succeeds(w: RefundWorld, refund: string): Promise<void> {
  await expect.poll(() => w.statusOf(refund), { timeout: 20_000, interval: 2 }).toBe('succeeded')
}

describe('of a payment that its chain has taken back', () => {
  test('the reserve is its payee’s, whose balance the chain has drawn on already, and nothing goes to a payer', async () => {
    const w = await opened()
    const before = w.has(`party:${ONE}`, USDC)
    const dispute = await w.contest('evm')
    await show(w, dispute.id)
    await w.takeBack('taken_back')
    expect(w.has(`party:${ONE}`, USDC)).toBe(before - 2n * PAID)
    await expect(decide(w, dispute.id, 'lost')).rejects.toMatchObject({ code: 'not_refundable' })
    await expect(accept(w, dispute.id)).rejects.toMatchObject({ code: 'not_refundable' })
    await decide(w, dispute.id, 'won')
    expect([w.disputeOf(dispute.id), w.has(`party:${ONE}`, USDC)]).toEqual(['won', before - PAID])
    const said = w.heard().filter(({ type }) => type === 'receipt.updated')
    expect(said.at(-1)?.data).toMatchObject({ state: 'held', reason: 'dispute_won' })
    await expectSound(w)
    await w.bringAgain()
    expect((await w.contest('evm')).amount.units).toBe(PAID)
    await expectSound(w)
  })

  test('what the books could not take from its payee is decided by a person: won is its payee’s again', async () => {
    const w = await opened()
    const had = w.has(`party:${ONE}`, USDC)
    const dispute = await w.contest('evm')
    await show(w, dispute.id)
    await w.takeBack('declined')
    await decide(w, dispute.id, 'won')
    expect([w.disputeOf(dispute.id), w.has(`party:${ONE}`, USDC)]).toEqual(['won', had])
    expect(wordOf(w)).toMatchObject({ state: 'held', reason: 'dispute_won' })
    await expectSound(w)
  })

  test('lost waits for the money, is paid to nobody before, and goes to its payer once it has come again', async () => {
    const w = await opened()
    const dispute = await w.contest('evm')
    await show(w, dispute.id)
    await w.takeBack('declined')
    await decide(w, dispute.id, 'lost')
    const refund = refundOf(w, dispute)
    await w.refunds.given.inTurn(receiptOf('evm'), async () => undefined) // After the step that was to pay it.
    expect([w.disputeOf(dispute.id), w.statusOf(refund.id), w.outside.rails.evm.paid]).toEqual(['lost', 'pending', []])
    expect(wordOf(w)).toMatchObject({ state: 'held', reason: 'dispute_lost' })
    expect((await w.disputes.payment(receiptOf('evm'))).status.state).toBe('held')
    await w.bringAgain()
    await w.refunds.given.pay(refund, { kind: 'evm_address', address: PAYER_ACCOUNT })
    await succeeds(w, refund.id)
    await expectSound(w)
  })

  test('lost is the operator’s, who misses it at the rail, where the money does not come again', async () => {
    const o = outside()
    const w = await opened(o)
    const had = w.has(`party:${ONE}`, USDC)
    const dispute = await w.contest('evm')
    await show(w, dispute.id)
    await w.takeBack('declined')
    await decide(w, dispute.id, 'lost')
    const refund = refundOf(w, dispute)
    const capital = () => w.books.accounts('capital').reduce((sum, one) => sum + one.creditsPosted - one.debitsPosted, 0n)
    const before = capital()
    o.clock.ahead(91 * 86_400_000)
    await expect.poll(() => w.statusOf(refund.id), { timeout: 20_000, interval: 2 }).toBe('expired')
    expect([w.has(`party:${ONE}`, USDC), capital() - before]).toEqual([had - PAID, PAID])
    expect((await w.disputes.payment(receiptOf('evm'))).status.state).toBe('held')
    await expectSound(w)
  })

  test('one that nobody answers is left to operators, who can give the reserve back', async () => {
    const o = outside()
    const w = await opened(o)
    const dispute = await w.contest('evm')
    await w.takeBack('taken_back')
    o.clock.ahead(2 * 3_600_000)
    await expect.poll(() => w.disputeOf(dispute.id), { timeout: 20_000, interval: 2 }).toBe('under_review')
    await decide(w, dispute.id, 'won')
    expect([w.disputeOf(dispute.id), w.has(`dispute:${dispute.id}`, USDC)]).toEqual(['won', 0n])
    await expectSound(w)
  })
})
