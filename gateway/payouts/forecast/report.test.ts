import { expect, test } from 'vitest'
import { makeRails } from '../../../test/payout/payoutWorld.ts'
import { ETH } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { createGasWatch } from './gasWatch.ts'
import { forecastReport } from './report.ts'
import { EACH_PAYMENT, NEW_TAPE, withPrice } from './tape.ts'

const MINUTE_MS = 60_000
const DOLLARS_NANO = (units: bigint) => units / 1_000n

function world() {
  const state = { now: 1_800_000_000_000, gas: 1_000_000n }
  const { evm, bank } = makeRails()
  // Two tokens of one chain have one price of gas.
  const chain = { ...evm, gasNow: () => money(ETH, state.gas) }
  const watch = createGasWatch({ senders: [bank, chain, chain], clock: { now: () => state.now } })
  const minutes = (count: number) => {
    for (let n = 0; n < count; n++) {
      state.now += MINUTE_MS
      watch.look()
    }
  }
  return { state, watch, minutes }
}

test('a chain is foretold once two hours were seen, in its asset and in dollars, and graded by the prices after that', () => {
  const { watch, minutes } = world()
  const report = () => forecastReport({ gas: watch.tapes(), fees: [], nano: ({ units }) => DOLLARS_NANO(units) })
  minutes(119)
  expect(report()).toEqual({ gas: [{ rail: 'evm:31337', asset: 'ETH', seen: 119, grade: 'new' }], fees: [] })
  minutes(1)
  expect(report().gas[0]).toMatchObject({ seen: 120, grade: 'thin' })
  expect(report().gas[0]).not.toHaveProperty('graded')
  minutes(300)
  const [gas] = report().gas
  expect(gas!.foretold).toEqual({
    now: money(ETH, 1_000_000n),
    low: money(ETH, 1_000_000n),
    middle: money(ETH, 1_000_000n),
    high: money(ETH, 1_000_000n),
  })
  expect(gas!.inUsd).toEqual({ now: 1_000n, low: 1_000n, middle: 1_000n, high: 1_000n })
  // A price that never moves is within every bound, and was foretold without error.
  expect(gas).toMatchObject({ grade: 'good', graded: { prices: 300, lowPpm: 1_000_000, highPpm: 1_000_000, errorPpm: 0 } })
})

test('without a rate there are no dollars, and what a rail took of payments is in millionths', () => {
  const { watch, minutes } = world()
  minutes(120)
  let tape = NEW_TAPE
  for (let n = 0; n < 1_000; n++) tape = withPrice(tape, 100 + ((n * 37) % 100), { at: n, kind: EACH_PAYMENT })
  const { gas, fees } = forecastReport({ gas: watch.tapes(), fees: [['lightning BTC', tape]], nano: () => undefined })
  expect(gas[0]).not.toHaveProperty('inUsd')
  expect(fees).toMatchObject([{ rail: 'lightning', asset: 'BTC', seen: 1_000, grade: 'good' }])
  // Bounds that hold far too often are no good bounds.
  const off = { ...tape, grade: { ...tape.grade, within: tape.grade.within.map(() => tape.grade.prices) } }
  expect(forecastReport({ gas: [], fees: [['lightning BTC', off]], nano: () => undefined }).fees[0]).toMatchObject({ grade: 'off' })
  const { low, middle, high } = fees[0]!.foretold!
  expect([low, middle, high].map((ppm) => Math.round(ppm / 10))).toEqual([11, 15, 19])
})
