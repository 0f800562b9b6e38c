import { expect, onTestFinished, test } from 'vitest'
import { boot, makeRails, PAYEE, type Rails, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { PayoutView } from '../payoutState/view.ts'
import { feeListOf } from '../schedules/schedule.ts'
import { shippedSchedules } from '../schedules/shippedSchedules.ts'

const WAIT = { timeoutMs: 20_000 }
const BOTH = [to.node, to.evm]

async function world(o: { rails: Rails; journal: ReturnType<typeof memoryJournal> }): Promise<World> {
  const w = await boot(o)
  onTestFinished(() => w.payouts.close())
  return w
}

async function pay({ payouts }: World, reference: string): Promise<PayoutView> {
  const { id } = await payouts.create({ source: PAYEE, amount: money(USDC, 10_000n), destinations: BOTH, reference, createdBy: 'test' })
  return payouts.wait(id, WAIT)
}

function decisionOf({ payouts }: World, { decisionId }: PayoutView) {
  return payouts.decision(decisionId!)
}

test('a rail that is cheapest and refuses is tried last after a while, also after a restart, and the decision says both chances', async () => {
  const [rails, journal] = [makeRails(), memoryJournal()]
  rails.lightning.manner = 'refuse'
  // A refusal costs five minutes, so that it does not pay to ask a rail that refuses.
  rails.lightning.terms = { secondsToFail: 300n }
  const w = await world({ rails, journal })
  const first = await pay(w, 'first')
  expect(first.attempts.map(({ rail }) => rail)).toEqual(['lightning', 'evm:31337'])
  expect(decisionOf(w, first).candidates[0]).toMatchObject({ rail: 'lightning', successPpm: '990000' })
  expect(decisionOf(w, first).candidates[0]).not.toHaveProperty('railPpm')

  for (let n = 0; n < 10; n++) await pay(w, `again ${n}`)
  const last = await pay(w, 'last')
  expect(last.attempts.map(({ rail }) => rail)).toEqual(['evm:31337'])
  const [lightning, evm] = decisionOf(w, last).candidates
  expect(lightning).toMatchObject({ rail: 'lightning', railPpm: '990000', rank: 2 })
  expect(Number(lightning!.successPpm)).toBeLessThan(800_000)
  expect(evm).toMatchObject({ rail: 'evm:31337', railPpm: '990000', rank: 1 })

  const report = w.payouts.learning()
  const tried = rails.lightning.heard.length
  expect(report.rails.find(({ rail }) => rail === 'lightning')).toMatchObject({
    asset: 'BTC',
    tries: tried,
    railPpm: 990_000,
    paid: { tries: 0 },
  })
  expect(report.rails[0]!.brierPpm).toBeLessThan(report.rails[0]!.brierOfRailPpm)

  await w.payouts.close()
  const again = await world({ rails, journal })
  const heard = rails.lightning.heard.length
  const reborn = await pay(again, 'after a restart')
  expect(reborn.attempts.map(({ rail }) => rail)).toEqual(['evm:31337'])
  expect(rails.lightning.heard.length).toBe(heard)
  expect(Number(decisionOf(again, reborn).candidates[0]!.successPpm)).toBeLessThan(800_000)
})

test('what its party did wrong is no fault of a rail: a limit of its own or a way that was never tried', async () => {
  const rails = makeRails()
  const w = await world({ rails, journal: memoryJournal() })
  rails.lightning.manner = 'pay'
  await pay(w, 'paid')
  const before = decisionOf(w, await pay(w, 'paid again')).candidates[1]
  // Never tried, because the first of the plan was paid.
  expect(before).toMatchObject({ rail: 'evm:31337', successPpm: '990000' })
  expect(before).not.toHaveProperty('railPpm')
})

const DAY_S = 86_400n
const feeOf = (w: World, view: PayoutView) => decisionOf(w, view).candidates[0]!

test('a rail that takes longer than it says is expected to, also after a restart, and the decision says both', async () => {
  const [rails, journal] = [makeRails(), memoryJournal()]
  // It says a day, and pays at once: the reverse of the harm, by the same arithmetic, without a clock to move.
  rails.lightning.terms = { secondsToFunds: DAY_S }
  const w = await world({ rails, journal })
  const alone = { destinations: [to.node] }
  const payAlone = async (world_: World, reference: string) => {
    const { id } = await world_.payouts.create({ source: PAYEE, amount: money(USDC, 10_000n), ...alone, reference, createdBy: 'test' })
    return world_.payouts.wait(id, WAIT)
  }
  const first = feeOf(w, await payAlone(w, 'first'))
  expect(first.inputs!.secondsToFunds).toBe(`${DAY_S}`)
  expect(first).not.toHaveProperty('railSeconds')
  for (let n = 0; n < 10; n++) await payAlone(w, `again ${n}`)
  const last = feeOf(w, await payAlone(w, 'last'))
  expect(last.railSeconds).toBe(`${DAY_S}`)
  expect(Number(last.inputs!.secondsToFunds)).toBeLessThan(Number(DAY_S) / 2 + 1_000)
  expect(w.payouts.learning().rails[0]!.pacePpm).toBeLessThan(700_000)
  await w.payouts.close()
  const again = await world({ rails, journal })
  expect(feeOf(again, await payAlone(again, 'after a restart')).railSeconds).toBe(`${DAY_S}`)
})

test('what a rail really charges is reckoned with once it is known, and an operator’s list before both', async () => {
  const rails = makeRails()
  // It estimates 700 msat and takes 1,400 of each.
  rails.lightning.fee = money(BTC, 1_400n)
  const w = await world({ rails, journal: memoryJournal() })
  expect(feeOf(w, await pay(w, 'first')).terms!.fee).toBe('0.0007')
  for (let n = 0; n < 30; n++) await pay(w, `again ${n}`)
  const known = feeOf(w, await pay(w, 'known'))
  expect(known).toMatchObject({ railFeeUsd: '0.0007', terms: { fee: '0.0014' } })
  const { fees } = w.payouts.learning().rails[0]!
  expect(fees).toMatchObject({ grade: 'thin', payments: 5 })

  const list = { ...shippedSchedules().find(({ schedule }) => schedule === 'rtp')!, until: '9999-12-31' as const }
  const listed = await boot({ rails, feeListOf: feeListOf([list], { lightning: 'rtp' }) })
  onTestFinished(() => listed.payouts.close())
  expect(feeOf(listed, await pay(listed, 'listed'))).toMatchObject({ railFeeUsd: '0.0007', terms: { fee: '0.045' } })
})
