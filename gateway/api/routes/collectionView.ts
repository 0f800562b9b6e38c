import type { NanoUsd } from '../../costs/policy.ts'
import type { CollectionStep } from '../../payins/claim/heldPiles.ts'

/** Of each reason what it means, and what would have changed it. */
const WORDS: Readonly<Record<CollectionStep['because'], readonly [why: string, otherwise: string]>> = {
  too_dear: [
    'collecting it would cost more than its share of what it brings',
    'more payments beside it, a lower price of gas, or its time: then it is collected at any price',
  ],
  company_may_come: [
    'others that come soon share the cost of its transaction',
    'it goes when waiting has cost as much as that transaction costs beside what is in it, or when another goes',
  ],
  waiting_costs_more: ['waiting had cost as much as its transaction costs beside what is in it', 'fewer that wait with it'],
  full: ['so many waited that more would have saved nothing', 'fewer that wait with it'],
  company: ['a transaction went on its chain anyway', 'nobody else whose money was collected at once'],
  room_needed: [
    'it took the room that another payer asked for, and more company would have saved nothing',
    'fewer that wait, or higher limits of exposure',
  ],
  held_long: ['it was held for as long as the configuration says', 'a longer collect.holdS, or a lower price of gas before'],
  ends_soon: ['an authorization that waited with it was about to end', 'one that lasts longer, or a lower price of gas before'],
}

/** When what a payer of a chain has signed is collected, and why then. Costs in dollars. */
export function collectionView({ state, because, rows, cost, sharePpm, waited, latest, at }: CollectionStep) {
  const [why, otherwise] = WORDS[because]
  return {
    state,
    because,
    why,
    would_change_if: otherwise,
    together: rows,
    cost_usd: dollars(cost),
    share_ppm: Number(sharePpm), // not money: a share
    waited_usd: dollars(waited),
    latest_at: new Date(latest).toISOString(),
    at: new Date(at).toISOString(),
  }
}

/** Billionths of a dollar as a decimal. */
function dollars(nano: NanoUsd): string {
  const [whole, parts] = [nano / NANO_PER_USD, nano % NANO_PER_USD]
  return `${whole}.${parts.toString().padStart(NANO_PLACES, '0')}`
}

const NANO_PLACES = 9
const NANO_PER_USD = 10n ** BigInt(NANO_PLACES)
