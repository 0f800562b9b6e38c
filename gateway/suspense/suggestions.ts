import { sameAsset } from '../money/asset.ts'
import type { Unmatched } from '../payins/settlement/unmatched.ts'
import type { SuspenseContext } from './context.ts'

/** Newest intents and hands that are looked through for each list. */
const LOOKED_AT = 100
const SUGGESTIONS_MAX = 5

/** Whose an item may be, the likeliest first: the id to assign it to, and why. A person decides. */
export type Suggestion = Readonly<{ assign: string; why: string }>

/** What came back of a payout is its source's; the exact amount of an open intent is probably that; who had something before may have it again. */
export function suggest(c: SuspenseContext, items: readonly Unmatched[]): ReadonlyMap<string, readonly Suggestion[]> {
  const intents = c.intents.list({ limit: LOOKED_AT, after: undefined })
  const before = c.records.list({ limit: LOOKED_AT, after: undefined })
  return new Map(items.map((item) => [item.id, [...ofPayout(c, item), ...ofIntents(item), ...ofPayer(item)].slice(0, SUGGESTIONS_MAX)]))

  function ofIntents({ rail, amount }: Unmatched): Suggestion[] {
    const asked = intents.filter((intent) =>
      intent.offers.some((o) => o.rail === rail && sameAsset(o.amount.asset, amount.asset) && o.amount.units === amount.units),
    )
    const open = asked
      .filter(({ status }) => status === 'open')
      .map(({ id }) => ({ assign: id, why: 'an open intent asks for exactly this' }))
    const ended = asked.filter(({ status }) => status === 'expired' || status === 'canceled')
    return [...open, ...ended.map(({ id, status }) => ({ assign: id, why: `an intent asked for exactly this and is ${status}` }))]
  }

  function ofPayer({ payer }: Unmatched): Suggestion[] {
    const given = before.flatMap(({ deed, status }) =>
      payer && status === 'booked' && deed.what === 'assign' && deed.payer === payer && deed.to.startsWith('pa_') ? [deed.to] : [],
    )
    return [...new Set(given)].map((assign) => ({ assign, why: `was given what ${payer} sent before` }))
  }
}

function ofPayout(c: SuspenseContext, { note }: Unmatched): Suggestion[] {
  const attempt = /\bat_[0-9a-f]+\b/.exec(note)?.[0]
  const payout = attempt === undefined ? undefined : c.payouts.ofAttempt(attempt)
  if (!payout?.source.startsWith('party:')) return []
  return [{ assign: payout.source.slice('party:'.length), why: `paid for ${payout.id}, which is ${payout.status}` }]
}
