import { afterEach, beforeEach, expect, test } from 'vitest'
import { bootRow, type OutsideRow, outsideRow, type RowWorld } from '../../../test/split/booksRowWorld.ts'

/** Either step costs 30 units of gas in this world, and is worth a hundred times that: both are worth it from here on, for a row of four sixths. */
const WORTH = 9_000n
const GATHER_MS = 600_000
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

let o: OutsideRow
let w: RowWorld
beforeEach(async () => {
  o = outsideRow()
  w = await bootRow(o)
})
afterEach(async () => {
  expect(w.errors).toEqual([])
  await w.close()
})

const paid = async (units: bigint, place: 'hub' | 'receiver' = 'receiver') => {
  o.hub.pays(w.split.splitId, units, place)
  await w.caughtUp()
}

/** Some rounds, with time enough between two for what was put off to a next look. */
async function rounds(count = 4): Promise<void> {
  for (let i = 0; i < count; i++) {
    await w.claims.round()
    const done = () => w.state().state !== 'under_way' || o.hub.manner === 'unknown' || o.hub.manner === 'silent'
    await expect.poll(done, { interval: 1, timeout: 10_000 }).toBe(true)
    await w.caughtUp()
    o.time.ms += 15_000
  }
}

test('what has gathered is swept, claimed and owed to the payees in the books, exactly and once', async () => {
  await paid(WORTH + 1n)
  await rounds()
  expect([o.hub.sent, w.balances(), w.state()]).toEqual([[], [0n, 0n], { state: 'gathering', since: expect.any(Number) }])
  o.time.ms += GATHER_MS
  await rounds()
  // floor(9001 * 4 / 6) of the row, and three quarters of it to the one with three shares.
  expect([o.hub.sent, w.balances(), w.owed(), w.wallet()]).toEqual([['sweep', 'claim'], [4_500n, 1_500n], 0n, 6_000n])
  expect(w.state()).toEqual({ state: 'nothing', since: undefined })
  await paid(WORTH, 'hub')
  o.time.ms += GATHER_MS
  await rounds()
  expect([o.hub.sent, w.balances()]).toEqual([
    ['sweep', 'claim', 'claim'],
    [9_000n, 3_000n],
  ])
})

test('what is not worth its gas stays, and after a week goes when it brings more than that', async () => {
  await paid(44n, 'hub')
  o.time.ms += 8 * DAY_MS
  await rounds()
  expect([o.hub.sent, w.state().state]).toEqual([[], 'small'])
  await paid(6n, 'hub')
  o.time.ms += GATHER_MS
  await rounds()
  // 33 units for 30 of gas, of which the oldest have waited for a week.
  expect([o.hub.sent, w.owed()]).toEqual([['claim'], 0n])
  await paid(4_000n, 'hub')
  o.time.ms += 6 * DAY_MS
  await rounds()
  expect([o.hub.sent, w.state().state]).toEqual([['claim'], 'small'])
})

test('an outcome that is not known is asked for by its id, also by who starts again, and nothing is sent twice', async () => {
  o.hub.manner = 'unknown'
  await paid(WORTH, 'hub')
  o.time.ms += GATHER_MS
  await rounds()
  expect([o.hub.sent, w.state().state, w.claims.problems()]).toEqual([['claim'], 'under_way', []])
  o.time.ms += HOUR_MS
  expect(w.claims.problems()).toEqual([
    { rail: 'evm:31337', what: 'a transaction for payees in the books has no outcome yet', detail: expect.stringMatching(/^claim at_/) },
  ])
  await w.close()
  w = await bootRow(o)
  await rounds()
  expect(o.hub.sent).toEqual(['claim'])
  o.hub.manner = 'fail'
  await w.close()
  w = await bootRow(o)
  await expect.poll(() => w.state().state, { interval: 1 }).not.toBe('under_way')
  expect([o.hub.sent, w.balances()]).toEqual([['claim'], [0n, 0n]])
})

test('what failed is tried again under another id, later each time', async () => {
  o.hub.manner = 'fail'
  await paid(WORTH, 'hub')
  o.time.ms += GATHER_MS
  await rounds(2)
  expect(o.hub.sent).toEqual(['claim'])
  o.time.ms += 60_000
  await rounds(3)
  expect(o.hub.sent).toEqual(['claim', 'claim'])
  o.hub.manner = 'settle'
  await rounds(2)
  expect(o.hub.sent.length).toBe(2)
  o.time.ms += 120_000
  await rounds(2)
  expect([o.hub.sent.length, w.balances()]).toEqual([3, [4_500n, 1_500n]])
})

test('nothing is sent while the contract and the ledger do not say the same, and a person sees it after an hour', async () => {
  o.hub.lies = 1n
  await paid(WORTH)
  o.time.ms += GATHER_MS
  await rounds()
  expect([o.hub.sent, w.claims.problems(), w.state().state]).toEqual([[], [], 'gathering'])
  o.time.ms += HOUR_MS
  await rounds()
  expect([o.hub.sent, w.state().state]).toEqual([[], 'differs'])
  expect(w.claims.problems()).toEqual([
    {
      rail: 'evm:31337',
      what: 'what a split owes to payees in the books differs',
      detail: `${w.split.key}: 0.009 USDC in the ledger, 0.009001 USDC on chain`,
    },
  ])
  o.hub.lies = 0n
  await rounds()
  expect([o.hub.sent, w.claims.problems()]).toEqual([['sweep', 'claim'], []])
})

test('a claim by somebody else is booked as ours, and what a chain took back is fetched again', async () => {
  await paid(WORTH, 'hub')
  o.hub.pay(w.split.tree.share(0))
  await w.caughtUp()
  o.time.ms += GATHER_MS
  await rounds()
  expect([o.hub.sent, w.balances(), w.state().state]).toEqual([[], [4_500n, 1_500n], 'nothing'])
  o.hub.takeBack()
  await w.caughtUp()
  expect(w.balances()).toEqual([0n, 0n])
  o.time.ms += GATHER_MS
  await rounds()
  expect([o.hub.sent, w.balances()]).toEqual([['claim'], [4_500n, 1_500n]])
})

test('a silent chain is asked again, and an account that is not ours any more is never paid by us', async () => {
  await paid(WORTH, 'hub')
  o.time.ms += GATHER_MS
  o.hub.manner = 'silent'
  await rounds(2)
  expect([o.hub.sent, w.lines.filter((line) => line.includes('does not answer')).length]).toEqual([[], 2])
  await w.close()
  o.hub.manner = 'settle'
  w = await bootRow(o, { operator: `0x${'0f'.repeat(20)}` })
  await rounds()
  expect([o.hub.sent, w.state().state, w.claims.problems().map(({ what }) => what)]).toEqual([
    [],
    'foreign',
    ['what a split owes to payees in the books would be paid to an account that is not ours'],
  ])
  await w.close()
  w = await bootRow(o)
  await rounds()
  expect([o.hub.sent, w.balances()]).toEqual([['claim'], [4_500n, 1_500n]])
})
