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
  PAYER_IBAN,
  type PaymentName,
  type RefundWorld,
  receiptOf,
  TWO,
} from '../../test/refund/refundWorld.ts'
import { BTC, EUR } from '../money/asset.ts'
import { type GivenRefund, type RefundStatus, refundStatus } from './givenRefund.ts'

async function opened(o = outside(), settings: { reserve?: bigint } = {}): Promise<RefundWorld> {
  const w = await boot(o, settings)
  onTestFinished(() => w.close())
  return w
}
async function rests(w: RefundWorld, id: string, status: RefundStatus): Promise<void> {
  await expect.poll(() => w.statusOf(id), { timeout: 20_000, interval: 2 }).toBe(status)
}
const claim = (w: RefundWorld, id: string, to: Parameters<RefundWorld['refunds']['claim']>[1]) =>
  w.refunds.claim(w.refunds.given.linkOf({ id: id as `rf_${string}` }), to)
const evm = { kind: 'evm_address', address: `0x${'77'.repeat(20)}` } as const

describe('what an intent has brought goes back', () => {
  test.each<[PaymentName, string, 'evm' | 'bank']>([
    ['evm', PAYER_ACCOUNT, 'evm'],
    ['bank', PAYER_IBAN, 'bank'],
  ])('%s: to what paid, by itself', async (name, to, rail) => {
    const w = await opened()
    const { id } = await w.give(name)
    await rests(w, id, 'succeeded')
    const [paid] = w.outside.rails[rail].paid
    expect([JSON.stringify(paid?.destination).includes(to), paid?.amount.units]).toEqual([true, PAID])
    await expectSound(w)
  })

  test('from a balance: it is there again in the same commit', async () => {
    const w = await opened()
    const before = w.has(`party:${PAYER}`, USDC)
    const told: GivenRefund[] = []
    const along = (made: GivenRefund) => {
      told.push(made)
      return { claims: [], facts: [] }
    }
    const { id } = await w.give('book', { units: 700n, along })
    expect([w.statusOf(id), w.has(`party:${PAYER}`, USDC) - before]).toEqual(['succeeded', 700n])
    expect(told.map(refundStatus)).toEqual(['succeeded']) // What the answer and its repeats say.
    await expectSound(w)
  })

  test.each<PaymentName>(['lightning', 'unnamed'])('%s: to where its payer says, over another rail too', async (name) => {
    const w = await opened()
    const { id } = await w.give(name)
    expect(w.statusOf(id)).toBe('needs_claim')
    await claim(w, id, evm)
    await rests(w, id, 'succeeded')
    expect(w.outside.rails.evm.paid).toMatchObject([{ destination: evm }])
    await expectSound(w)
  })

  test('its facts and its receipt say so, until it is all back', async () => {
    const w = await opened()
    const { id } = await w.give('evm', { units: PAID / 4n })
    await rests(w, id, 'succeeded')
    const seen = () => w.refunds.given.payment(intentOf('evm'), undefined)
    expect((await seen()).status).toMatchObject({ state: 'settled', reason: 'given_back_in_part' })
    await rests(w, (await w.give('evm')).id, 'succeeded')
    expect((await seen()).status).toMatchObject({ state: 'refunded', reason: 'given_back' })
    await expect(w.give('evm')).rejects.toMatchObject({ code: 'not_refundable' })
    expect(w.records.ofPayment(receiptOf('evm'))).toHaveLength(2)
  })
})

describe('never more than was paid', () => {
  test('by 30 at once, in parts that do not divide it', async () => {
    const w = await opened()
    const all = await Promise.allSettled(Array.from({ length: 30 }, () => w.give('evm', { units: 300_001n })))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(6)
    const last = await w.give('evm')
    await rests(w, last.id, 'succeeded')
    await expect.poll(() => w.outside.rails.evm.sent(), { timeout: 20_000 }).toBe(PAID)
    expect(w.has(`party:${ONE}`, USDC)).toBe(PAID)
    await expectSound(w)
  })

  test('over payees, each to the unit of what it was given', async () => {
    const w = await opened()
    const had = () => [ONE, TWO].map((party) => w.has(`party:${party}`, EUR))
    const before = had()
    for (const units of [1n, 7n, 333_333n, 1_000_001n]) await w.give('shared', { units })
    await w.give('shared')
    const third = PAID / 3n
    expect(had().map((units, i) => before[i]! - units)).toEqual([PAID - third, third])
    await expectSound(w)
  })

  test('and one of them alone bears what it gives back by its own key', async () => {
    const w = await opened()
    const before = w.has(`party:${ONE}`, EUR)
    const { sources } = await w.give('shared', { units: 900n, asker: ONE })
    expect([sources.map(({ from }) => from), before - w.has(`party:${ONE}`, EUR)]).toEqual([[`party:${ONE}`], 900n])
    await expect(w.give('shared', { asker: PAYER })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('where a payee has spent it', () => {
  const spend = async (w: RefundWorld) => {
    const legs = [{ kind: 'move', debit: `party:${ONE}`, credit: 'capital:spent', asset: BTC, units: w.has(`party:${ONE}`, BTC) } as const]
    await w.books.submit({ entry: { id: `en_${'f'.repeat(32)}`, payment: 'spent', legs } })
  }
  test('it is refused with what is missing, and nothing moves', async () => {
    const w = await opened()
    await spend(w)
    await expect(w.give('lightning')).rejects.toMatchObject({ code: 'insufficient_balance', meta: { missing: { amount: '0.00002' } } })
    expect(w.books.accounts('ceiling:refunds')).toEqual([])
  })
  test('the reserve bears it, to what a day allows', async () => {
    const w = await opened(outside(), { reserve: 500_000n })
    await spend(w)
    // A millisatoshi is a millionth of a dollar here.
    const { sources } = await w.give('lightning', { units: 400_000n })
    expect(sources).toMatchObject([{ from: 'fx:BTC/USDC', amount: { units: 400_000n } }])
    await expect(w.give('lightning', { units: 100_001n })).rejects.toMatchObject({ code: 'insufficient_balance' })
    expect((await w.give('lightning', { units: 100_000n })).sources).toHaveLength(1)
    await expectSound(w)
  })
})

describe('what is unknown', () => {
  test('is never paid again, by whoever has the link, and is settled by the word that comes late', async () => {
    const o = outside()
    o.rails.evm.manner = 'stuck'
    const w = await opened(o)
    const { id } = await w.give('lightning')
    await claim(w, id, evm)
    await rests(w, id, 'unknown')
    await expect(claim(w, id, { kind: 'evm_address', address: `0x${'88'.repeat(20)}` })).rejects.toMatchObject({ code: 'refund_not_due' })
    await expect(w.refunds.given.cancel(id, 'operator', () => ({ claims: [], facts: [] }))).rejects.toMatchObject({
      code: 'refund_not_due',
    })
    o.clock.ahead(2 * 3_600_000)
    expect(w.statusOf(id)).toBe('unknown')
    o.rails.evm.release()
    await rests(w, id, 'succeeded')
    expect(o.rails.evm.heard).toHaveLength(1)
    await expectSound(w)
  })
  test('after an end of the process it ends by its time, and its payee has it again', async () => {
    const o = outside()
    const first = await boot(o)
    const { id } = await first.give('lightning')
    const spent = first.has(`party:${ONE}`, BTC)
    await first.close()
    o.clock.ahead(2 * 3_600_000)
    const w = await opened(o)
    await rests(w, id, 'expired')
    expect(w.has(`party:${ONE}`, BTC) - spent).toBe(PAID)
    expect((await w.give('lightning')).left.units).toBe(0n)
    await expectSound(w)
  })
})

describe('a payment that its chain has taken back', () => {
  test('is not paid back by the link of its refund before it has come again', async () => {
    const w = await opened()
    const { id } = await w.give('evm', { to: 'link' })
    await w.takeBack('taken_back')
    await expect(claim(w, id, evm)).rejects.toMatchObject({ code: 'refund_not_due' })
    expect([w.statusOf(id), w.outside.rails.evm.paid, w.has(`surplus:${id}`, USDC)]).toEqual(['needs_claim', [], PAID])
    await w.bringAgain()
    await claim(w, id, evm)
    await rests(w, id, 'succeeded')
    await expectSound(w)
  })

  test('and not by itself; what is canceled is its payee’s again, whose balance the chain has drawn on', async () => {
    const w = await opened()
    const had = w.has(`party:${ONE}`, USDC)
    let taken: Promise<void> | undefined
    const along = () => {
      queueMicrotask(() => {
        taken = w.takeBack('taken_back')
      })
      return { claims: [], facts: [] }
    }
    const { id } = await w.give('evm', { along })
    await taken
    await w.refunds.given.inTurn(receiptOf('evm'), async () => undefined) // After the step that was to pay it.
    expect([w.statusOf(id), w.outside.rails.evm.paid]).toEqual(['pending', []])
    await w.refunds.given.cancel(id, 'operator', () => ({ claims: [], facts: [] }))
    expect(w.has(`party:${ONE}`, USDC)).toBe(had - PAID)
    const said = w.heard().filter(({ type }) => type === 'receipt.updated')
    expect(said.at(-1)?.data).toMatchObject({ state: 'held', reason: 'refund_canceled' })
    await expectSound(w)
  })
})
