import { ratesConfig } from '../../app/config/ratesConfig.ts'
import { openLiveRates } from '../../app/open/openRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { playExchanges } from '../rates/playedExchanges.ts'

const ROUND_MS = 15_000

/** The market of the fortnight: the rates room over played exchanges, on the clock of the gateway. */
export async function openFortnightRates(now: () => number) {
  let laterMs = 0
  const clock = { now: () => now() + laterMs, elapsedMs: () => now() + laterMs }
  const played = await playExchanges(clock)
  const live = openLiveRates(ratesConfig.parse({ urls: played.urls }), { clock, ids: uuidIds(clock), network: 'local', evm: [] })
  await live.round()
  async function rounds(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      laterMs += ROUND_MS
      await live.round()
    }
    laterMs = 0
  }
  return {
    breakPeg(): string {
      played.set('USDC/USD', ['0.9399', '0.9401'])
      return 'USDC'
    },
    lie(): string {
      played.set('BTC/USD', ['969995', '970005'], ['kraken'])
      return 'kraken'
    },
    rounds,
    problems: () => live.problems(),
    close: () => live.close(),
  }
}

export type FortnightRates = Awaited<ReturnType<typeof openFortnightRates>>
