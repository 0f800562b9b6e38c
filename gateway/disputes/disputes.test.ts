import { describe, expect, onTestFinished, test } from 'vitest'
import { USDC } from '../../test/payout/payoutWorld.ts'
import {
  boot,
  expectSound,
  intentOf,
  ONE,
  outside,
  PAID,
  PAYER,
  PAYER_ACCOUNT,
  type RefundWorld,
  receiptOf,
  TWO,
} from '../../test/refund/refundWorld.ts'
import { BTC, EUR } from '../money/asset.ts'
import type { DisputeOutcome } from '../payins/dispute/facts.ts'
import type { Dispute } from './dispute.ts'

type Settings = NonNullable<Parameters<typeof boot>[1]>

async function opened(o = outside(), settings: Settings = {}): Promise<RefundWorld> {
  const w = await boot(o, settings)
  onTestFinished(() => w.close())
  return w
}
const along = () => ({ claims: [], facts: [] })
const show = (w: RefundWorld, id: string, o: { text?: string; by?: string } = {}) =>
  w.disputes.submit(id, {
    text: o.text ?? 'It was delivered',
    references: [{ kind: 'delivery', value: 'parcel 7' }],
    by: o.by ?? ONE,
    along,
  })
const decide = (w: RefundWorld, id: string, outcome: DisputeOutcome) =>
  w.disputes.decide(id, { outcome, cause: 'decided', by: 'operator', along })
const accept = (w: RefundWorld, id: string) => w.disputes.decide(id, { outcome: 'lost', cause: 'accepted', by: ONE, along })
const refundOf = (w: RefundWorld, { id }: Pick<Dispute, 'id'>) => w.refunds.given.get(w.disputes.get(id).end!.refund!)
async function succeeds(w: RefundWorld, refund: string): Promise<void> {
  await expect.poll(() => w.statusOf(refund), { timeout: 20_000, interval: 2 }).toBe('succeeded')
}

describe('what a payer contests', () => {
  test('is in reserve at once, and won is with its payees again, each to the unit', async () => {
    const w = await opened()
    const had = () => [ONE, TWO].map((party) => w.has(`party:${party}`, EUR))
    const before = had()
    const dispute = await w.contest('shared', { units: 1_000_001n })
    expect([w.disputeOf(dispute.id), w.has(`dispute:${dispute.id}`, EUR)]).toEqual(['needs_evidence', 1_000_001n])
    expect(had().reduce((sum, units, i) => sum + before[i]! - units, 0n)).toBe(1_000_001n)
    expect(dispute.left.units).toBe(PAID - 1_000_001n)
    await show(w, dispute.id)
    expect(w.disputeOf(dispute.id)).toBe('under_review')
    await decide(w, dispute.id, 'won')
    expect([w.disputeOf(dispute.id), had(), w.records.ofPayment(receiptOf('shared'))]).toEqual(['won', before, []])
    await expectSound(w)
    // All of it can be given back again.
    expect((await w.give('shared')).amount.units).toBe(PAID)
  })

  test('and lost goes to the account that paid, as a refund of the dispute', async () => {
    const w = await opened()
    const dispute = await w.contest('evm')
    await show(w, dispute.id)
    await decide(w, dispute.id, 'lost')
    const refund = refundOf(w, dispute)
    expect(refund.data).toMatchObject({ dispute: dispute.id, by: 'operator', left: '0', refunded: `${PAID}` })
    await succeeds(w, refund.id)
    const [paid] = w.outside.rails.evm.paid
    expect([JSON.stringify(paid?.destination).includes(PAYER_ACCOUNT), paid?.amount.units]).toEqual([true, PAID])
    expect((await w.refunds.given.payment(intentOf('evm'), undefined)).status).toMatchObject({ state: 'refunded', reason: 'given_back' })
    await expect(w.refunds.given.cancel(refund.id, 'operator', along)).rejects.toMatchObject({ code: 'refund_not_due' })
    await expectSound(w)
  })

  test('from a balance is on it again in the commit that decides', async () => {
    const w = await opened()
    const before = w.has(`party:${PAYER}`, USDC)
    const dispute = await w.contest('book', { units: 700n })
    await accept(w, dispute.id)
    expect([w.disputeOf(dispute.id), w.has(`party:${PAYER}`, USDC) - before]).toEqual(['lost', 700n])
    expect(w.disputes.get(dispute.id).end).toMatchObject({ cause: 'accepted', by: ONE })
    await expectSound(w)
  })

  test('over Lightning waits for its payer by a link that no payee has', async () => {
    const w = await opened()
    const dispute = await w.contest('lightning')
    await accept(w, dispute.id)
    const refund = refundOf(w, dispute)
    expect([w.statusOf(refund.id), refund.data.by]).toEqual(['needs_claim', 'gateway'])
    await w.refunds.claim(w.refunds.given.linkOf(refund), { kind: 'evm_address', address: `0x${'77'.repeat(20)}` })
    await succeeds(w, refund.id)
    await expectSound(w)
  })

  test('is with its payees again when nobody claims what they have lost', async () => {
    const o = outside()
    const first = await boot(o)
    const dispute = await first.contest('lightning')
    const before = first.has(`party:${ONE}`, BTC)
    await accept(first, dispute.id)
    await first.close()
    o.clock.ahead(91 * 86_400_000)
    const w = await opened(o)
    await expect.poll(() => w.statusOf(refundOf(w, dispute).id), { timeout: 20_000, interval: 2 }).toBe('expired')
    expect(w.has(`party:${ONE}`, BTC) - before).toBe(PAID)
    await expectSound(w)
  })
})

describe('what was converted', () => {
  test.each<[DisputeOutcome]>([['won'], ['lost']])('is in reserve as its payee has it, and %s to the unit', async (outcome) => {
    const w = await opened()
    const had = w.has(`party:${TWO}`, USDC)
    const { id } = await w.contest('converted', { units: 700_001n })
    expect([w.has(`dispute:${id}`, USDC), w.has(`dispute:${id}`, BTC), had - w.has(`party:${TWO}`, USDC)]).toEqual([700_001n, 0n, 700_001n])
    await show(w, id, { by: TWO })
    await decide(w, id, outcome)
    expect(w.has(`party:${TWO}`, USDC)).toBe(outcome === 'won' ? had : had - 700_001n)
    if (outcome === 'lost') expect(w.has(`surplus:${refundOf(w, { id }).id}`, BTC)).toBe(700_001n)
    await expectSound(w)
  })

  test('is decided when there is liquidity for it, and nothing moved before', async () => {
    const w = await opened()
    const { id } = await w.contest('converted')
    const legs = [{ kind: 'move', debit: 'fx:BTC/USDC', credit: 'capital:spent', asset: BTC, units: w.has('fx:BTC/USDC', BTC) } as const]
    await w.books.submit({ entry: { id: `en_${'f'.repeat(32)}`, payment: 'spent', legs } })
    await expect(accept(w, id)).rejects.toMatchObject({ code: 'insufficient_liquidity' })
    expect([w.disputeOf(id), w.has(`dispute:${id}`, USDC)]).toEqual(['needs_evidence', PAID])
    await decide(w, id, 'won')
    await expectSound(w)
  })
})

describe('refunds and disputes together', () => {
  test('are never more than was paid, in both orders', async () => {
    const w = await opened()
    const dispute = await w.contest('evm', { units: PAID - 100_000n })
    await expect(w.give('evm', { units: 100_001n })).rejects.toMatchObject({ code: 'invalid_amount' })
    expect((await w.give('evm')).amount.units).toBe(100_000n)
    await expect(w.give('evm')).rejects.toMatchObject({ code: 'not_refundable', message: expect.stringContaining('disputed') })
    await expect(w.contest('evm')).rejects.toMatchObject({ code: 'not_refundable' })
    await accept(w, dispute.id)
    await expect(w.give('evm')).rejects.toMatchObject({ code: 'not_refundable' })
    await succeeds(w, refundOf(w, dispute).id)
    await expect.poll(() => w.outside.rails.evm.sent(), { timeout: 20_000 }).toBe(PAID)
    await w.give('bank', { units: PAID - 1n })
    await expect(w.contest('bank', { units: 2n })).rejects.toMatchObject({ code: 'invalid_amount' })
    expect((await w.contest('bank')).amount.units).toBe(1n)
    await expectSound(w)
  })

  test('at once, of which each takes its part of what is left', async () => {
    const w = await opened()
    const all = Array.from({ length: 20 }, (_, i) => (i % 2 ? w.contest('evm', { units: 300_001n }) : w.give('evm', { units: 300_001n })))
    const done = await Promise.allSettled(all)
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(6)
    for (const { id } of w.disputed.open()) await accept(w, id)
    await expect.poll(() => w.outside.rails.evm.sent(), { timeout: 20_000 }).toBe(6n * 300_001n)
    await expectSound(w)
  })

  test('a second dispute that is open leaves a refund of the first one a part', async () => {
    const w = await opened()
    const [first] = [await w.contest('evm', { units: PAID / 2n }), await w.contest('evm')]
    await accept(w, first.id)
    await succeeds(w, refundOf(w, first).id)
    const { status } = await w.refunds.given.payment(intentOf('evm'), undefined)
    expect(status).toMatchObject({ state: 'settled', reason: 'given_back_in_part' })
  })

  test('what a payee has spent is not taken from anybody', async () => {
    const w = await opened()
    const legs = [{ kind: 'move', debit: `party:${ONE}`, credit: 'capital:spent', asset: BTC, units: w.has(`party:${ONE}`, BTC) } as const]
    await w.books.submit({ entry: { id: `en_${'f'.repeat(32)}`, payment: 'spent', legs } })
    await expect(w.contest('lightning')).rejects.toMatchObject({ code: 'insufficient_balance' })
    expect([w.books.accounts('dispute'), w.disputed.openCount()]).toEqual([[], 0])
  })
})

test('the operator’s reserve bears what a payee has spent, to what a day allows, and has it again when it is won', async () => {
  const w = await opened(outside(), { reserve: 500_000n })
  const legs = [{ kind: 'move', debit: `party:${ONE}`, credit: 'capital:spent', asset: BTC, units: w.has(`party:${ONE}`, BTC) } as const]
  await w.books.submit({ entry: { id: `en_${'f'.repeat(32)}`, payment: 'spent', legs } })
  const before = w.has('fx:BTC/USDC', BTC)
  const { id, sources } = await w.contest('lightning', { units: 400_000n })
  expect(sources).toMatchObject([{ from: 'fx:BTC/USDC', amount: { units: 400_000n } }])
  await expect(w.contest('lightning', { units: 100_001n })).rejects.toMatchObject({ code: 'insufficient_balance' })
  await decide(w, id, 'won')
  expect(w.has('fx:BTC/USDC', BTC)).toBe(before)
  await expectSound(w)
})

describe('its time', () => {
  const late = async (settings: Settings, before: (w: RefundWorld, id: string) => Promise<void> = async () => {}) => {
    const o = outside()
    const first = await boot(o, settings)
    const { id } = await first.contest('evm')
    await before(first, id)
    await first.close()
    o.clock.ahead(2 * 3_600_000)
    return { w: await opened(o, settings), id }
  }
  test('passes without evidence: it is lost by the rule, after an end of the process too', async () => {
    const { w, id } = await late({})
    await expect.poll(() => w.disputeOf(id), { timeout: 20_000, interval: 2 }).toBe('lost')
    expect(w.disputes.get(id).end).toMatchObject({ cause: 'expired', by: 'gateway' })
    await succeeds(w, refundOf(w, { id }).id)
    await expectSound(w)
  })
  test('is the clock’s that a test moves', async () => {
    const w = await opened()
    const { id } = await w.contest('evm')
    w.outside.clock.ahead(3_500_000)
    expect(w.disputeOf(id)).toBe('needs_evidence')
    w.outside.clock.ahead(200_000)
    await expect.poll(() => w.disputeOf(id), { timeout: 20_000, interval: 2 }).toBe('lost')
  })
  test.each<[string, Settings]>([
    ['by the rule', { unanswered: 'operator' }],
    ['above what goes without another person', { aloneMax: PAID - 1n }],
  ])('passes, and an operator decides %s', async (_, settings) => {
    const { w, id } = await late(settings)
    await expect.poll(() => w.disputeOf(id), { timeout: 20_000, interval: 2 }).toBe('under_review')
    expect(w.disputes.get(id).expired).toBe(true)
    await expect(show(w, id)).rejects.toMatchObject({ code: 'dispute_not_due' })
    await decide(w, id, 'won')
    await expectSound(w)
  })
  test('does not end one that has evidence', async () => {
    const { w, id } = await late({}, (first, dispute) => show(first, dispute))
    expect(w.disputeOf(id)).toBe('under_review')
    await expect(show(w, id)).rejects.toMatchObject({ code: 'dispute_not_due' })
    await decide(w, id, 'lost')
    expect(w.disputeOf(id)).toBe('lost')
  })
})

describe('two processes', () => {
  test.each<[string, (w: RefundWorld, id: string) => Promise<unknown>]>([
    ['decide', (w, id) => w.elsewhere.decide(id, { outcome: 'won', cause: 'decided', by: 'operator', along })],
    ['show and decide', (w, id) => w.elsewhere.submit(id, { text: 'late', references: [], by: ONE, along })],
  ])('that %s at once do one of it', async (_, other) => {
    const w = await opened()
    const { id } = await w.contest('evm')
    const done = await Promise.allSettled([accept(w, id), other(w, id)])
    const refused = done.flatMap((one) => (one.status === 'rejected' ? [one.reason as { code?: string }] : []))
    expect(refused.map(({ code }) => code)).toEqual(['dispute_not_due'])
    await expectSound(w)
  })

  test('that give back and decide at once make two refunds in two places', async () => {
    const w = await opened()
    const { id } = await w.contest('evm', { units: PAID / 2n })
    const give = () => w.give('evm', { units: 300_000n })
    const lose = () => w.elsewhere.decide(id, { outcome: 'lost', cause: 'accepted', by: ONE, along })
    const done = await Promise.allSettled([give(), lose()])
    for (const [i, one] of done.entries()) {
      if (one.status === 'fulfilled') continue
      expect(one.reason).toMatchObject({ code: 'request_in_progress' })
      await (i === 0 ? give() : lose())
    }
    expect(w.records.ofPayment(receiptOf('evm'))).toHaveLength(2)
    await expectSound(w)
  })
})

describe('a step that it does not allow', () => {
  test('waits for each payee whose money it holds: one’s evidence, or an operator’s, does not end the time of another', async () => {
    const w = await opened()
    const { id } = await w.contest('shared')
    for (const by of ['operator', TWO]) {
      await show(w, id, { by })
      await expect(decide(w, id, 'lost')).rejects.toMatchObject({ code: 'dispute_not_due' })
    }
    await show(w, id, { by: ONE })
    await decide(w, id, 'lost')
    expect(w.disputeOf(id)).toBe('lost')
    await expectSound(w)
  })

  test('moves nothing: nobody loses unheard, and nothing is decided twice', async () => {
    const w = await opened()
    const { id } = await w.contest('evm')
    await expect(decide(w, id, 'lost')).rejects.toMatchObject({ code: 'dispute_not_due' })
    for (let n = 0; n < 5; n++) await show(w, id, { text: `piece ${n} <script>alert(1)</script>` })
    await expect(show(w, id)).rejects.toMatchObject({ code: 'dispute_not_due' })
    const both = await Promise.allSettled([decide(w, id, 'won'), decide(w, id, 'lost'), accept(w, id)])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect([w.disputeOf(id), w.outside.rails.evm.heard]).toEqual(['won', []])
    await expect(show(w, id)).rejects.toMatchObject({ code: 'dispute_not_due' })
    expect(() => w.disputes.own(id, PAYER)).toThrow('nothing of yours')
    await expectSound(w)
  })
})

test('a payee cannot use up the parts of its payment, so that nobody can contest it', async () => {
  const w = await opened()
  for (let part = 0; part < 20; part++) {
    const { id } = await w.give('lightning', { units: 1n, asker: ONE, to: 'link' })
    await w.refunds.given.cancel(id, ONE, along)
  }
  await expect(w.give('lightning', { units: 1n, asker: ONE })).rejects.toMatchObject({ code: 'not_refundable' })
  const { id, amount } = await w.contest('lightning')
  expect([w.disputeOf(id), amount.units]).toEqual(['needs_evidence', PAID])
  await accept(w, id)
  await expectSound(w)
})

test('what two processes say of one payment at the same time is one chain, each number once', async () => {
  const w = await opened()
  const [one, other] = [await w.contest('shared', { units: 1_000n }), await w.contest('shared', { units: 2_000n })]
  const refund = await w.give('shared', { units: 3_000n, to: 'link' })
  const nothing = () => ({ claims: [], facts: [] })
  await Promise.all([
    w.elsewhere.decide(one.id, { outcome: 'won', cause: 'decided', by: 'operator', along }),
    decide(w, other.id, 'won'),
    w.refunds.given.cancel(refund.id, 'operator', nothing),
  ])
  const numbers = w.heard().flatMap(({ type, id, data }) => (type === 'receipt.updated' && id === receiptOf('shared') ? [data.n] : []))
  expect(numbers).toEqual([2, 3, 4, 5, 6, 7])
  expect([w.disputeOf(one.id), w.disputeOf(other.id), w.statusOf(refund.id)]).toEqual(['won', 'won', 'canceled'])
  await expectSound(w)
})
