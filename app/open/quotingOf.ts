import type { NanoUsd } from '../../gateway/costs/policy.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type PairSpread, type QuotePolicy, quotePolicy } from '../../gateway/payouts/quotes/policy.ts'
import { pairOf } from '../../gateway/payouts/quotes/spread.ts'
import type { PayoutConfig } from '../config/payoutConfig.ts'

/** Nano-USD in a unit of USD. */
const NANO_PER_UNIT = 1_000n

type Spread = Readonly<{ halfSpreadPpm?: number | undefined; doublesAtUsd?: string | undefined }>

/** What promised payouts cost and may come to: the house's policy, with what the configuration says in its place. */
export function quotingOf({ quotes = {} }: PayoutConfig = {}): QuotePolicy {
  const { party, all, ...house } = quotePolicy
  const usual = spreadOf(quotes, house.usual)
  const pairs = (quotes.pairs ?? []).map(({ pair, ...spread }): [string, PairSpread] => {
    const [one, other] = pair.split('/') as [string, string] // As its shape says.
    return [pairOf({ code: one }, { code: other }), spreadOf(spread, usual)]
  })
  return {
    pairs: Object.fromEntries(pairs),
    usual,
    sendWithinS: quotes.sendWithinS ?? house.sendWithinS,
    costRiseMaxNano: nanoOf(quotes.costRiseMaxUsd, house.costRiseMaxNano),
    party: { openMax: quotes.partyOpen ?? party.openMax, openNanoMax: nanoOf(quotes.partyOpenUsd, party.openNanoMax) },
    all: { openMax: quotes.open ?? all.openMax, openNanoMax: nanoOf(quotes.openUsd, all.openNanoMax) },
  }
}

function spreadOf({ halfSpreadPpm, doublesAtUsd }: Spread, unless: PairSpread): PairSpread {
  return {
    halfPpm: halfSpreadPpm === undefined ? unless.halfPpm : BigInt(halfSpreadPpm),
    doublesAtNano: nanoOf(doublesAtUsd, unless.doublesAtNano),
  }
}

function nanoOf(usd: string | undefined, unless: NanoUsd): NanoUsd {
  return usd === undefined ? unless : parseAmount(usd, USD).units * NANO_PER_UNIT
}
