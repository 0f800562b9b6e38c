import { describe, expect, onTestFinished, test } from 'vitest'
import { openFirstDays } from '../../app/open/firstDaysOf.ts'
import {
  AMOUNT,
  boot,
  command,
  ENDS,
  type ExchangeWorld,
  ended,
  expectBalanced,
  HOUR_MS,
  hashOf,
  outside,
  PARTY,
  until,
} from '../../test/exchange/exchangeWorld.ts'
import { PAYEE, posted, rates, START, to, USDC } from '../../test/payout/payoutWorld.ts'
import { BTC, USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { toIntentFact } from '../payins/intent/facts.ts'
import { unitsData } from '../payins/intent/intentData.ts'
import type { Books } from '../ports/books.ts'
import type { ExchangeView } from './view.ts'

async function world(): Promise<ExchangeWorld> {
  const made = await boot(outside())
  onTestFinished(() => made.close())
  return made
}

const later = ({ outside: { clock } }: ExchangeWorld, ms: number) => clock.now() + ms

describe('an exchange of a held payment', () => {
  test('asks the payer for the amount and the cost of the payout, in whole satoshi', async () => {
    const w = await world()
    const view = await w.exchanges.create(command())
    // 2.50 USDC are 2,500,000 msat here; the chain's expected fee is 0.002 USD, 2,000 msat.
    expect(view).toMatchObject({
      status: 'awaiting_payment',
      pay: { kind: 'held_invoice', amount: { amount: '0.00002502', code: 'BTC' }, fee: { amount: '0.00000002' } },
      payout: { state: 'none', amount: { amount: '2.5', code: 'USDC' } },
    })
  })

  test('pays out, and then takes the payment', async () => {
    const w = await world()
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    expect(await ended(w, view.id)).toMatchObject({ status: 'completed', payout: { state: 'settled' }, exceptions: [] })
    expect(w.outside.rails.evm.paid.length).toBe(1)
    expect(w.outside.holder.stateOf(hashOf(view))).toBe('settled')
    expect(posted(w.books, 'fx:BTC/USDC', BTC)).toBe(START.btc + 2_500_000n)
    expect(w.books.balance('fee:earned', BTC).creditsPosted).toBe(2_000n)
    await expectBalanced(w)
  })

  test('gives the payment back when the payout fails, and everything is as before', async () => {
    const w = await world()
    w.outside.rails.evm.manner = 'refuse'
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    expect(await ended(w, view.id)).toMatchObject({ status: 'returned', returned: 'payout_failed', exceptions: [] })
    expect(w.outside.holder.stateOf(hashOf(view))).toBe('cancelled')
    expect(posted(w.books, 'fx:BTC/USDC', USDC)).toBe(START.usdc / 2n)
    await expectBalanced(w)
  })

  test('gives the payment back when the payee has become an account of the gateway meanwhile', async () => {
    const w = await world()
    const view = await w.exchanges.create(command())
    w.outside.rails.evm.owns = () => 'the wallet of the gateway'
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    expect(await ended(w, view.id)).toMatchObject({ status: 'returned', exceptions: [] })
    expect(w.outside.holder.stateOf(hashOf(view))).toBe('cancelled')
    await expectBalanced(w)
  })

  test('keeps the payment while the outcome of the payout is not known, and settles with it', async () => {
    const w = await world()
    w.outside.rails.evm.manner = 'stuck'
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    await until(() => w.exchanges.get(view.id).payout.state === 'moving', 'the payout')
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(w.outside.holder.stateOf(hashOf(view))).toBe('held')
    expect(w.exchanges.get(view.id).status).toBe('paying_out')
  })

  test('takes the payment when the time is over and the payout may have moved, and says so', async () => {
    const w = await world()
    w.outside.rails.evm.manner = 'stuck'
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    await until(() => w.exchanges.get(view.id).payout.state === 'moving', 'the payout')
    w.outside.clock.ahead(2 * HOUR_MS)
    await until(() => w.outside.holder.stateOf(hashOf(view)) === 'settled', 'the taking')
    expect(w.exchanges.get(view.id)).toMatchObject({ exceptions: ['taken_in_doubt'] })
    expect(w.exchanges.exceptions().map((x) => x.id)).toEqual([view.id])
    expect(w.problems).toContain('the payout has no outcome in time, and may have moved: its payment is taken')
  })

  test('credits the party when the payout fails after the payment was taken in doubt', async () => {
    const w = await world()
    const { evm } = w.outside.rails
    evm.manner = 'stuck'
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    await until(() => w.exchanges.get(view.id).payout.state === 'moving', 'the payout')
    w.outside.clock.ahead(2 * HOUR_MS)
    await until(() => w.outside.holder.stateOf(hashOf(view)) === 'settled', 'the taking')
    const before = posted(w.books, PAYEE, USDC)
    evm.lookup = async () => ({ kind: 'failed', reason: 'reverted' })
    expect(await ended(w, view.id)).toMatchObject({ status: 'credited', exceptions: ['taken_in_doubt', 'payout_failed_after'] })
    expect(posted(w.books, PAYEE, USDC)).toBe(before + AMOUNT.units)
    expect(posted(w.books, 'fx:BTC/USDC', BTC)).toBe(START.btc + 2_500_000n)
    await expectBalanced(w)
  })

  test('is paid for only when it has been seen to wait for a while', async () => {
    const o = outside()
    const w = await boot(o, o.journal, { policy: { restMs: HOUR_MS } })
    onTestFinished(() => w.close())
    let looks = 0
    const { lookup } = o.holder
    o.holder.lookup = (hash) => {
      looks++
      return lookup(hash)
    }
    const along = (key: string) => () => ({ claims: [{ key, fingerprint: 'x' }], facts: [] })
    const stays = await w.exchanges.create(command({ along: along('stays'), expiresInS: 10 * 3_600 }))
    const goes = await w.exchanges.create(command({ along: along('goes'), expiresInS: 10 * 3_600 }))
    for (const view of [stays, goes]) o.holder.pay(hashOf(view), { decideBy: later(w, 4 * HOUR_MS) })
    const before = looks
    await until(() => looks > before + 6, 'some looks')
    expect(o.rails.evm.heard).toEqual([])
    o.holder.giveBack(hashOf(goes))
    expect(await ended(w, goes.id)).toMatchObject({ status: 'expired' })
    o.clock.ahead(HOUR_MS)
    expect(await ended(w, stays.id)).toMatchObject({ status: 'completed' })
    expect(o.rails.evm.paid.length).toBe(1)
    await expectBalanced(w)
  })

  test('hurries when blocks come faster than was reckoned', async () => {
    const w = await world()
    w.outside.rails.evm.manner = 'stuck'
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    await until(() => w.exchanges.get(view.id).payout.state === 'moving', 'the payout')
    w.outside.holder.moveDeadline(hashOf(view), later(w, 60_000))
    await until(() => w.outside.holder.stateOf(hashOf(view)) === 'settled', 'the taking')
  })

  test('does not begin a payout that might not be certain in time', async () => {
    const w = await world()
    const view = await w.exchanges.create(command())
    // Less than the margin and the 15 minutes that a chain may take.
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 30 * 60_000) })
    expect(await ended(w, view.id)).toMatchObject({ status: 'returned', returned: 'too_late' })
    expect(w.outside.rails.evm.heard).toEqual([])
    expect(w.outside.holder.stateOf(hashOf(view))).toBe('cancelled')
    await expectBalanced(w)
  })

  test('gives the payment back when the liquidity has gone meanwhile', async () => {
    const w = await world()
    const half = money(USDC, START.usdc / 4n + 1n)
    const [one, other] = [
      await w.exchanges.create(command({ amount: half })),
      await w.exchanges.create(command({ amount: half, along: () => ({ claims: [{ key: 'second', fingerprint: 'x' }], facts: [] }) })),
    ]
    for (const view of [one, other]) w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    const ends = await Promise.all([ended(w, one.id), ended(w, other.id)])
    expect(ends.map((e) => e.status).sort()).toEqual(['completed', 'returned'])
    expect(ends.find((e) => e.status === 'returned')?.returned).toBe('insufficient_liquidity')
    await expectBalanced(w)
  })

  test('lets an invoice that nobody pays go', async () => {
    const w = await world()
    const view = await w.exchanges.create(command({ expiresInS: 60 }))
    w.outside.clock.ahead(61_000)
    expect(await ended(w, view.id)).toMatchObject({ status: 'expired', returned: 'unpaid' })
    expect(w.outside.holder.stateOf(hashOf(view))).toBe('cancelled')
  })

  test('credits what came too much to the party', async () => {
    const w = await world()
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS), units: 2_502_000n + 7_000n })
    expect(await ended(w, view.id)).toMatchObject({ status: 'completed' })
    expect(posted(w.books, PAYEE, BTC)).toBe(7_000n)
    await expectBalanced(w)
  })

  test('pays a party by the books', async () => {
    const w = await world()
    const view = await w.exchanges.create(command({ destinations: [to.party] }))
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, HOUR_MS) })
    expect(await ended(w, view.id)).toMatchObject({ status: 'completed' })
    expect(posted(w.books, `party:${to.party.party}`, USDC)).toBe(AMOUNT.units)
    await expectBalanced(w)
  })

  test.each(['pay', 'payLater'] as const)(
    'bears a payout whose payment the node gave back, out of the capital (the rail does %s)',
    async (manner) => {
      const w = await world()
      const { evm } = w.outside.rails
      evm.manner = manner
      const view = await w.exchanges.create(command())
      const send = evm.send
      evm.send = (attempt, o) => {
        w.outside.holder.giveBack(hashOf(view))
        return send(attempt, o)
      }
      w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
      expect(await ended(w, view.id)).toMatchObject({ status: 'completed', exceptions: ['payment_lost'] })
      expect(w.books.balance('capital:lost:exchange', USDC).debitsPosted).toBe(AMOUNT.units)
      expect(posted(w.books, 'fx:BTC/USDC', USDC)).toBe(START.usdc / 2n)
      await expectBalanced(w)
    },
  )

  test('whose payment the node gave back, and whose payout fails, has moved nothing', async () => {
    const w = await world()
    const { evm } = w.outside.rails
    evm.manner = 'refuse'
    const view = await w.exchanges.create(command())
    const send = evm.send
    evm.send = (attempt, o) => {
      w.outside.holder.giveBack(hashOf(view))
      return send(attempt, o)
    }
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    expect(await ended(w, view.id)).toMatchObject({ status: 'returned' })
    expect(w.books.accounts('capital:lost')).toEqual([])
    await expectBalanced(w)
  })

  test('that was given back and comes all the same is the party’s, and is shown', async () => {
    const w = await world()
    w.outside.rails.evm.manner = 'refuse'
    const view = await w.exchanges.create(command())
    w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    await ended(w, view.id)
    w.outside.holder.stray(hashOf(view), 2_502_000n)
    await until(() => w.exchanges.exceptions().length > 0, 'the stray payment')
    expect(w.exchanges.get(view.id)).toMatchObject({ status: 'returned', exceptions: ['paid_after_end'] })
    expect(posted(w.books, PAYEE, BTC)).toBe(2_502_000n)
    await expectBalanced(w)
  })

  test.each([{ kind: 'silently' }, { kind: 'deaf', times: 3 }] as const)(
    'ends the same over a node that answers $kind',
    async (answers) => {
      const w = await world()
      w.outside.holder.answers = answers
      const view = await w.exchanges.create(command())
      w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
      expect(await ended(w, view.id)).toMatchObject({ status: 'completed' })
      await expectBalanced(w)
    },
  )

  test('starts no payout when no secret opens the hash', async () => {
    const o = outside()
    const first = await boot(o)
    const view = await first.exchanges.create(command())
    await first.close()
    const w = await boot(o, o.journal, { secret: 'another secret' })
    onTestFinished(() => w.close())
    o.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
    expect(await ended(w, view.id)).toMatchObject({ status: 'returned', returned: 'no_key' })
    expect(o.rails.evm.heard).toEqual([])
  })
})

describe('an exchange is refused', () => {
  test('when no rail can make the payout, with the reason of each', async () => {
    const w = await world()
    w.outside.rails.evm.estimates = 'refuse'
    await expect(w.exchanges.create(command())).rejects.toMatchObject({ code: 'no_rail' })
    expect(w.outside.holder.holds()).toEqual([])
  })

  test('when the liquidity does not cover it', async () => {
    const w = await world()
    const amount = money(USDC, START.usdc / 2n + 1n)
    await expect(w.exchanges.create(command({ amount }))).rejects.toMatchObject({ code: 'insufficient_liquidity' })
  })

  test('when its party has a hundred open already', async () => {
    const w = await world()
    const along = (n: number) => () => ({ claims: [{ key: `k${n}`, fingerprint: 'x' }], facts: [] })
    for (let n = 0; n < 100; n++) await w.exchanges.create(command({ along: along(n) }))
    await expect(w.exchanges.create(command({ along: along(100) }))).rejects.toMatchObject({ code: 'too_busy' })
    const other = command({ along: along(101), party: 'pa_00000000000000000000000000000009' })
    expect(await w.exchanges.create(other)).toMatchObject({ status: 'awaiting_payment' })
  })

  test('when the payment would be exchanged for itself', async () => {
    const w = await world()
    const wanted = command({ amount: money(BTC, 5_000n), destinations: [to.node] })
    await expect(w.exchanges.create(wanted)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('when the payout could take days', async () => {
    const w = await world()
    w.outside.rails.evm.terms = { secondsToFunds: 200_000n }
    await expect(w.exchanges.create(command())).rejects.toMatchObject({
      code: 'no_rail',
      shortMessage: expect.stringContaining('hours'),
    })
  })
})

describe('in the first days with real money an exchange', () => {
  const DAY_MS = 24 * HOUR_MS
  const claim = (key: string) => () => ({ claims: [{ key, fingerprint: 'x' }], facts: [] })
  const onIntent = { kind: 'intent', rails: ['book'], refundTo: [] } as const

  /** At most 10 USD at once, and 12 in a day. */
  async function newWorld(): Promise<ExchangeWorld> {
    const o = outside()
    // Noon, so that no day ends meanwhile.
    o.clock.ahead(DAY_MS + DAY_MS / 2 - (o.clock.now() % DAY_MS))
    const limits = { network: 'mainnet', firstDays: { days: 7, paymentUsd: '10', dayUsd: '12' } } as const
    const assetOf = (id: string) => [BTC, USD, USDC].find((asset) => asset.id === id)!
    const firstDays = (books: Books) => openFirstDays(limits, { clock: o.clock, rates, usd: USD, assetOf }, { books })
    const w = await boot(o, o.journal, { firstDays })
    onTestFinished(() => w.close())
    return w
  }

  /** Its intent is paid; what came stands on the balance of its party. */
  async function paid({ books, outside: { clock } }: ExchangeWorld, { pay }: ExchangeView): Promise<void> {
    if (pay.kind !== 'payment_intent') throw new Error('this exchange has no intent')
    const data = { rail: 'book' as const, settlementId: pay.intent, amount: unitsData(money(USDC, 1n)), receipt: 'rc_1' }
    await books.submit({ facts: [toIntentFact({ type: 'intent.settled', id: pay.intent, at: clock.now(), data })] })
  }

  test('whose payout is too much by itself is refused before anybody pays for it', async () => {
    const w = await newWorld()
    const refused = { code: 'too_many_open', meta: { of: 'first_days', limit: 'payment' } }
    await expect(w.exchanges.create(command({ amount: money(USDC, 10_000_001n) }))).rejects.toMatchObject(refused)
    expect(w.outside.holder.holds()).toEqual([])
  })

  test('that was paid waits while others have filled the day, and is paid out on the next', async () => {
    const w = await newWorld()
    const amount = money(USDC, 7_000_000n)
    const [one, other] = [
      await w.exchanges.create(command({ from: onIntent, amount, along: claim('one') })),
      await w.exchanges.create(command({ from: onIntent, amount, along: claim('other') })),
    ]
    await paid(w, one)
    expect(await ended(w, one.id)).toMatchObject({ status: 'completed' })
    await paid(w, other)
    await until(() => w.warnings.includes('the payout of an exchange finds no room today'), 'the refusal')
    expect(w.exchanges.get(other.id)).toMatchObject({ payout: { state: 'none' } })
    expect(ENDS).not.toContain(w.exchanges.get(other.id).status)
    w.outside.clock.ahead(DAY_MS)
    expect(await ended(w, other.id)).toMatchObject({ status: 'completed', payout: { state: 'settled' } })
  })

  test('whose payment only waits is given back when the day is full', async () => {
    const w = await newWorld()
    const amount = money(USDC, 7_000_000n)
    const views = [
      await w.exchanges.create(command({ amount, along: claim('one') })),
      await w.exchanges.create(command({ amount, along: claim('other') })),
    ]
    for (const view of views) {
      w.outside.holder.pay(hashOf(view), { decideBy: later(w, 2 * HOUR_MS) })
      await ended(w, view.id)
    }
    expect(views.map(({ id }) => w.exchanges.get(id).status)).toEqual(['completed', 'returned'])
    await expectBalanced(w)
  })
})

test('lists are newest first', async () => {
  const w = await world()
  const along = (key: string) => () => ({ claims: [{ key, fingerprint: 'x' }], facts: [] })
  const made = [await w.exchanges.create(command({ along: along('k1') })), await w.exchanges.create(command({ along: along('k2') }))]
  expect(w.exchanges.list({ limit: 5 }).map((v) => v.id)).toEqual(made.map((v) => v.id).reverse())
  expect(w.exchanges.list({ limit: 5, after: made[1]!.id }).map((v) => v.id)).toEqual([made[0]!.id])
  expect(() => w.exchanges.get('ex_none')).toThrow('not_found')
  expect(w.exchanges.get(made[0]!.id).party).toBe(PARTY)
})
