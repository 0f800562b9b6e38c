import type { OpenedGround } from './openGround.ts'
import { priceText } from './openRates.ts'

/** Exchanges are asked once before anything is priced; whoever of them is silent is not waited for longer than a round takes. */
export async function firstPrices(
  { market }: Pick<OpenedGround, 'market'>,
  { step, log }: Readonly<{ step: (line: string) => void; log: (line: string) => void }>,
): Promise<void> {
  await Promise.all([market.live?.round(), market.reference?.round()])
  step(`prices: ${market.prices().map(priceText).join('; ')}`)
  for (const { detail } of market.problems()) log(detail)
}
