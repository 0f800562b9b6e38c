import { onTestFinished } from 'vitest'
import { ratesConfig } from '../../app/config/ratesConfig.ts'
import { openLiveRates } from '../../app/open/openRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { BTC, erc20Asset, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { convert } from '../../gateway/money/rate.ts'
import { playExchanges } from './playedExchanges.ts'

export const NOW = 1_800_000_000_000
export const USDC = erc20Asset({ chainId: 1, address: `0x${'a'.repeat(40)}`, code: 'USDC', scale: 6, ledger: 100 })

/** Live rates of played exchanges on a clock that only the test moves. */
export async function market(evm: Parameters<typeof openLiveRates>[1]['evm'] = [], chainlink?: object) {
  let now = NOW
  let elapsed = 5_000
  const clock = { now: () => now, elapsedMs: () => elapsed }
  const played = await playExchanges(clock)
  const config = ratesConfig.parse({ urls: played.urls, chainlink })
  const another = () => {
    const live = openLiveRates(config, { clock, ids: uuidIds(clock), network: 'local', evm })
    onTestFinished(() => live.close())
    return live
  }
  return {
    ...played,
    live: another(),
    /** Another gateway on the same clock, which asks the same exchanges. */
    another,
    /** A round after so many seconds. */
    async after(seconds: number) {
      this.pass(seconds)
      await this.live.round()
    },
    pass(seconds: number) {
      now += seconds * 1000
      elapsed += seconds * 1000
    },
    /** Somebody sets the machine's clock: forward, or back by less than nothing. */
    setClock(bySeconds: number) {
      now += bySeconds * 1000
    },
    of(code: string) {
      return this.live.prices().find((view) => view.code === code)!
    },
    verdicts(code: string) {
      const view = this.of(code)
      return view.kind === 'fixed' ? [] : view.sources.map(({ source, verdict }) => `${source} ${verdict}`)
    },
  }
}

/** What one whole unit of an asset is worth, in millionths of a dollar. */
export const dollars = (m: Awaited<ReturnType<typeof market>>, asset = BTC) =>
  convert(parseAmount('1', asset), m.live.rate(asset, USD), 'down').units
/** Why there is no rate. */
export const refusal = (work: () => unknown) => {
  try {
    work()
    return 'nothing was refused'
  } catch (error) {
    return isGatewayError(error, 'rate_unavailable') ? error.shortMessage : `${error}`
  }
}
