import { expect, test } from 'vitest'
import { forecastView } from '../../gateway/api/routes/forecastView.ts'
import { ETH } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { openSuspenseCommand } from '../../test/payout/suspenseCommand.ts'
import { type ForecastAnswer, forecastText } from './routePredict.ts'

test('prints a row a rail, its dollars below it, and how often its bounds held', () => {
  const eth = (units: bigint) => money(ETH, units)
  const graded = { prices: 900, lowPpm: 101_000, middlePpm: 498_000, highPpm: 905_000, errorPpm: 131_000, errorOfLastPpm: 212_000 }
  const view = forecastView({
    gas: [
      {
        rail: 'evm:8453',
        asset: 'ETH',
        seen: 1_080,
        grade: 'good',
        foretold: { now: eth(50_000n * 10n ** 9n), low: eth(23n * 10n ** 12n), middle: eth(48n * 10n ** 12n), high: eth(91n * 10n ** 12n) },
        inUsd: { now: 200_000_000n, low: 92_000_000n, middle: 192_000_000n, high: 364_000_000n },
        graded,
      },
    ],
    fees: [{ rail: 'lightning', asset: 'BTC', seen: 12, grade: 'new' }],
  })
  expect(forecastText(view as ForecastAnswer)).toMatchInlineSnapshot(`
    "rail       what  unit      now       low    middle      high  grade  seen          within  error  of now
    evm:8453   gas   ETH   0.00005  0.000023  0.000048  0.000091  good   1080  10 %/50 %/91 %   13 %    21 %
                     USD       0.2     0.092     0.192     0.364
    lightning  fee   ppm                                          new      12"
  `)
})

test('says that no price was seen where none was', async () => {
  const w = await openSuspenseCommand('route')
  expect(await w.run('predict')).toEqual({ code: 0, text: 'no price was seen yet' })
  expect(JSON.parse((await w.run('predict', '--json')).text)).toEqual({ object: 'routing_forecast', rails: [] })
})
