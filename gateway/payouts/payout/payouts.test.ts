import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, PAYEE, posted, START, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { BTC, EUR, erc20Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'
import type { PayoutView } from '../payoutState/view.ts'

const WAIT = { timeoutMs: 20_000 }

async function world(o: Parameters<typeof boot>[0] = {}): Promise<World> {
  const made = await boot(o)
  onTestFinished(() => made.payouts.close())
  return made
}

function order(amount: Money, destinations: readonly Destination[], more: Partial<CreatePayout> = {}): CreatePayout {
  return { source: PAYEE, amount, destinations, reference: 'invoice 7', createdBy: 'test', ...more }
}

async function pay({ payouts }: World, amount: Money, destinations: readonly Destination[]): Promise<PayoutView> {
  const { id } = await payouts.create(order(amount, destinations))
  return payouts.wait(id, WAIT)
}

const available = ({ books }: World, asset = USDC) => {
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(PAYEE, asset)
  return creditsPosted - debitsPosted - debitsPending
}

describe('a payout that settles', () => {
  test('converts into the rail, takes the hold and books the fee that the rail named', async () => {
    const w = await world()
    const view = await pay(w, money(USDC, 2_500_000n), [to.node])
    expect(view).toMatchObject({ status: 'settled', rail: 'lightning', fee: { amount: '0.000000007', code: 'BTC' }, exceptions: [] })
    expect(view.attempts).toMatchObject([{ outcome: 'settled', amount: { amount: '0.000025', code: 'BTC' } }])
    expect(posted(w.books, 'fx:BTC/USDC', BTC)).toBe(START.btc / 2n - 2_500_000n)
    expect(posted(w.books, 'fx:BTC/USDC', USDC)).toBe(2_500_000n)
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 2_500_000n)
    await expectBalanced(w)
  })

  test('in the same asset needs no conversion, and a fee that comes by the stream is not booked twice', async () => {
    const w = await world()
    expect(await pay(w, money(USDC, 1_000_000n), [to.evm])).toMatchObject({ status: 'settled', rail: 'evm:31337' })
    expect(w.books.accounts('fx').every((a) => a.debitsPosted === 0n)).toBe(true)
    expect(w.books.accounts('fee')).toEqual([])
    await expectBalanced(w)
  })

  test('pays whole cents by bank, and the fx account keeps what rounding leaves', async () => {
    const w = await world()
    // 1.00 USD is 0.909090... EUR.
    expect(await pay(w, money(USDC, 1_000_000n), [to.iban])).toMatchObject({
      status: 'settled',
      attempts: [{ amount: { amount: '0.9', code: 'EUR' } }],
    })
    expect(posted(w.books, 'fx:EUR/USDC', USDC)).toBe(1_000_000n)
    await expectBalanced(w)
  })

  test('without a conversion gives back what a bank cannot pay', async () => {
    const w = await world()
    expect(await pay(w, money(EUR, 1_005_000n), [to.iban])).toMatchObject({ status: 'settled' })
    expect(posted(w.books, PAYEE, EUR)).toBe(START.eur / 2n - 1_000_000n)
    await expectBalanced(w)
  })

  test('to another balance here is one free submission by the book rail', async () => {
    const w = await world()
    const view = await pay(w, money(USDC, 40n), [to.party, to.evm])
    expect(view).toMatchObject({ status: 'settled', rail: 'book', fee: { amount: '0' } })
    expect(posted(w.books, `party:${to.party.party}`, USDC)).toBe(40n)
    expect(w.rails.evm.heard).toEqual([])
    await expectBalanced(w)
  })

  test('takes the rail that costs least in full, and says why', async () => {
    const w = await world()
    const view = await pay(w, money(USDC, 100_000n), [to.iban, to.evm, to.node])
    expect(view.rail).toBe('lightning')
    const decision = w.payouts.decision(view.decisionId!)
    expect(decision.candidates.map((c) => [c.rail, c.verdict])).toEqual([
      ['bank', 'chosen'],
      ['evm:31337', 'chosen'],
      ['lightning', 'chosen'],
    ])
    expect(decision.order).toEqual([2, 1, 0])
    expect(decision.candidates[2]).toMatchObject({ rank: 1, terms: { fee: '0.0007', fxSpread: '0.00005' } })
    expect(decision.candidates[2]!.why).toBe('Tried first: the least full expected cost.')
    expect(decision.wouldChangeIf).toMatchObject({ term: 'fee', nowUsd: '0.0007', inFavourOf: 1 })
    expect(decision.rates.length).toBeGreaterThan(0)
    const waits = decision.candidates.map(({ goodFundsAt }) => (Date.parse(goodFundsAt!) - Date.parse(decision.at)) / 1_000)
    expect(waits).toEqual([2, 2, 2])
  })
})

describe('a payout whose rail refuses', () => {
  test('falls back to the next of the plan, and nothing of the first try remains', async () => {
    const w = await world()
    w.rails.lightning.manner = 'refuse'
    const view = await pay(w, money(USDC, 10_000n), [to.node, to.evm])
    expect(view).toMatchObject({
      status: 'settled',
      rail: 'evm:31337',
      attempts: [{ outcome: 'failed', detail: 'the rail said no' }, { outcome: 'settled' }],
    })
    await expectBalanced(w)
  })

  test('gives the money back when every way has failed', async () => {
    const w = await world()
    for (const rail of Object.values(w.rails)) rail.manner = 'refuse'
    const view = await pay(w, money(USDC, 10_000n), [to.node, to.evm])
    expect(view).toMatchObject({ status: 'failed', failure: { code: 'attempts_failed' } })
    expect(available(w)).toBe(START.usdc)
    await expectBalanced(w)
  })

  test('gives the money back when nothing is possible, with the reason of each rail', async () => {
    const w = await world()
    w.rails.lightning.estimates = 'refuse'
    w.rails.evm.estimates = 'refuse'
    w.rails.bank.estimates = 'refuse'
    const view = await pay(w, money(USDC, 100_000n), [to.node, to.evm, to.iban])
    expect(view.failure?.code).toBe('no_rail')
    expect(view.failure?.reasons.map((r) => [r.rail, r.reason])).toEqual([
      ['lightning', 'no_route'],
      ['evm:31337', 'no_route'],
      ['bank', 'no_route'],
    ])
    expect(available(w)).toBe(START.usdc)
    await expectBalanced(w)
  })

  test('asks for fresh terms when the plan has grown old', async () => {
    let now = 1_800_000_000_000
    const w = await world({ clock: { now: () => now } })
    w.rails.lightning.manner = 'refuse'
    const send = w.rails.lightning.send
    w.rails.lightning.send = (attempt, o) => {
      now += 61_000
      return send(attempt, o)
    }
    const view = await pay(w, money(USDC, 10_000n), [to.node, to.evm])
    expect(view).toMatchObject({ status: 'settled', rail: 'evm:31337' })
    expect(new Set(view.attempts.map((a) => a.decisionId)).size).toBe(2)
    expect(w.payouts.decision(view.decisionId!).candidates[0]).toMatchObject({ verdict: 'impossible', reason: 'rejected_by_rail' })
  })
})

describe('a payout whose outcome is not known', () => {
  test.each(['paySilently', 'payLater', 'hangPaid', 'throwPaid'] as const)(
    'is looked up and paid once when the rail does %s',
    async (manner) => {
      const w = await world()
      w.rails.lightning.manner = manner
      const view = await pay(w, money(USDC, 10_000n), [to.node, to.evm])
      expect(view).toMatchObject({ status: 'settled', rail: 'lightning' })
      expect(w.rails.lightning.paid.length).toBe(1)
      expect(w.rails.evm.heard).toEqual([])
      await expectBalanced(w)
    },
  )

  test('falls back only after the rail has said no', async () => {
    const w = await world()
    w.rails.lightning.manner = 'refuseSilently'
    expect(await pay(w, money(USDC, 10_000n), [to.node, to.evm])).toMatchObject({ status: 'settled', rail: 'evm:31337' })
    expect(w.rails.lightning.paid).toEqual([])
    await expectBalanced(w)
  })

  test('is not taken for never sent while the call that sends it is still on its way', async () => {
    const w = await world()
    // The rail pays long after we gave up at 40 ms, and until then has no record of it.
    w.rails.lightning.manner = 'lateUnheard'
    expect(await pay(w, money(USDC, 10_000n), [to.node, to.evm])).toMatchObject({ status: 'settled', rail: 'lightning' })
    expect(w.rails.lightning.heard.length).toBe(1)
    expect(w.rails.lightning.paid.length).toBe(1)
    expect(w.rails.evm.heard).toEqual([])
    await expectBalanced(w)
  })

  test('is not taken for never sent by an answer from before the call arrived', async () => {
    // Too old to be handed over again.
    const w = await world({ policy: { lookupDeadlineMs: 30_000, planFreshMs: 0 } })
    const { lightning, evm } = w.rails
    const { send, lookup } = lightning
    const [arrives, asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    lightning.send = async (attempt, o) => {
      await arrives.promise
      return send(attempt, o)
    }
    lightning.lookup = async (id) => {
      const outcome = await lookup(id)
      asked.resolve()
      await answered.promise
      return outcome
    }
    const { id } = await w.payouts.create(order(money(USDC, 10_000n), [to.node, to.evm]))
    await asked.promise
    arrives.resolve()
    await expect.poll(() => lightning.paid.length, { timeout: 20_000 }).toBe(1)
    answered.resolve()
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled', rail: 'lightning' })
    expect(evm.heard).toEqual([])
    await expectBalanced(w)
  })

  test('stays held and is named when the rail will not say', async () => {
    const w = await world()
    w.rails.lightning.manner = 'stuck'
    const { id } = await w.payouts.create(order(money(USDC, 10_000n), [to.node, to.evm]))
    const view = await w.payouts.wait(id, { timeoutMs: 150 })
    expect(view).toMatchObject({ status: 'outcome_unknown', attempts: [{ outcome: 'unknown', stuck: true }] })
    expect(available(w)).toBe(START.usdc - 10_000n)
    expect(w.payouts.inFlight()).toMatchObject([
      { rail: 'lightning', place: 'node', stuck: true, amount: { units: 10_000n }, feeMax: { units: 2_000n } },
    ])
    expect(w.rails.evm.heard).toEqual([])
  })
})

test('a payout whose rail does not answer is planned anew and never failed for it', async () => {
  const w = await world()
  w.rails.lightning.estimates = 'hang'
  w.rails.evm.manner = 'refuse'
  const { id } = await w.payouts.create(order(money(USDC, 10_000n), [to.node, to.evm]))
  expect(await w.payouts.wait(id, { timeoutMs: 300 })).toMatchObject({ status: 'processing', attempts: [{ rail: 'evm:31337' }] })
  w.rails.lightning.estimates = 'throw'
  expect(await w.payouts.wait(id, { timeoutMs: 200 })).toMatchObject({ status: 'processing' })
  w.rails.lightning.estimates = 'answer'
  expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled', rail: 'lightning' })
  await expectBalanced(w)
})

test('a payout that no rate comes for fails after a day, and its source has the money again', async () => {
  let now = 1_800_000_000_000
  const w = await world({ clock: { now: () => now }, policy: { replanMaxMs: 5 } })
  const coin = erc20Asset({ chainId: 31337, address: `0x${'33'.repeat(20)}`, code: 'COIN', scale: 6, ledger: 11 })
  const funds = { debit: 'rail:evm:31337:wallet', credit: PAYEE, asset: coin, units: 100n }
  await w.books.submit({ entry: { id: `en_${'2'.repeat(32)}`, payment: 'funds', legs: [{ kind: 'move', ...funds }] } })
  const { id } = await w.payouts.create(order(money(coin, 100n), [to.node]))
  expect(await w.payouts.wait(id, { timeoutMs: 200 })).toMatchObject({ status: 'processing', attempts: [] })
  expect(available(w, coin)).toBe(0n)
  now += 86_400_001
  expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'failed', attempts: [] })
  expect(available(w, coin)).toBe(100n)
})

test('many payouts at once never count on the same liquidity', async () => {
  const w = await world({ policy: { lanes: 50 } })
  // Liquidity for 5 of 20 by Lightning at 100 USD each; the rest must go by the chain, which has room for 10.
  const views = await Promise.all(Array.from({ length: 20 }, () => pay(w, money(USDC, 50_000_000n), [to.node, to.evm])))
  expect(views.filter((v) => v.status !== 'settled')).toEqual([])
  expect(w.rails.lightning.sent() <= START.btc / 2n).toBe(true)
  expect(w.rails.lightning.paid.length + w.rails.evm.paid.length).toBe(20)
  expect(views.flatMap((v) => v.exceptions)).toEqual([])
  await expectBalanced(w)
})

test('lists are newest first and go on after an id', async () => {
  const w = await world()
  const made: string[] = []
  for (let i = 0; i < 5; i++) made.push((await pay(w, money(USDC, 40n), [to.party])).id)
  const first = w.payouts.list({ limit: 2 })
  const second = w.payouts.list({ limit: 10, after: first.at(-1)!.id })
  expect([...first, ...second].map((v) => v.id)).toEqual(made.reverse())
  expect(() => w.payouts.get('po_none')).toThrow('not_found')
  expect(() => w.payouts.decision('dec_none')).toThrow('not_found')
})
