import { fileURLToPath } from 'node:url'
import { makeMarket, shapeOf } from './regime/market.ts'
import { oracle } from './regime/oracle.ts'
import { ours, settle } from './regime/settle.ts'

const SEEDS = [1, 2] as const
const USUAL = { pairs: 10_000, days: 30 }
const NANO_PER_USD = 1_000_000_000

/** Prints what settling a market in the shape of the public one costs by each rule. */
export async function run(): Promise<void> {
  for (const channelPercent of [0, 50, 100])
    for (const seed of SEEDS) {
      const market = makeMarket({ seed, ...USUAL, channelPercent })
      const { calls, pairs, once, byReturning } = shapeOf(market)
      const best = oracle(market)
      const rows = [
        ['exact', settle(market, () => 'exact', { patient: false }).nano],
        ['held', settle(market, () => 'held', { patient: false }).nano],
        ['channel', settle(market, (_, { speaksChannel }) => (speaksChannel ? 'channel' : 'held'), { patient: false }).nano],
        ['ours', settle(market, ours(), { patient: true }).nano],
        ['oracle', best],
      ] as const
      const usd = (nano: bigint) => (Number(nano) / NANO_PER_USD).toFixed(2)
      const shown = rows.map(([name, nano]) => `${name} ${usd(nano)} (${(Number(nano) / Number(best)).toFixed(2)}x)`)
      console.log(
        `regime  seed ${seed}, ${channelPercent} % speak channels, ${calls} calls of ${pairs} pairs, ${once.toFixed(0)} % once, ` +
          `${byReturning.toFixed(0)} % of calls by who returns; USD: ${shown.join(', ')}`,
      )
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
