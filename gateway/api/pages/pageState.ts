import type { Money } from '../../money/money.ts'
import type { Intent, Surplus } from '../../payins/intent/intent.ts'

/** What a payer sees of an intent. `detected`: money is on its way; `unknown`: its rail has not said what became of it. */
export type PageState = Readonly<
  | { kind: 'waiting' | 'detected' | 'unknown' | 'paid' | 'expired' | 'canceled' }
  /** What came besides what settles it, and is kept for the payer. */
  | { kind: 'partial' | 'late' | 'over'; kept: readonly Money[] }
>

/** What a page was told of a payment that no rail has reported yet. */
export type Seen = 'detected' | 'unknown'

export function pageState(intent: Intent, { now, seen }: Readonly<{ now: number; seen: Seen | undefined }>): PageState {
  const { status, surplus } = intent
  const kept = surplus.map(({ amount }: Surplus) => amount)
  if (status === 'settled') return kept.length > 0 ? { kind: 'over', kept } : { kind: 'paid' }
  if (status === 'open' && seen) return { kind: seen }
  const isOver = status !== 'open' || now > intent.expiresAt
  if (isOver) return kept.length > 0 ? { kind: 'late', kept } : { kind: status === 'canceled' ? 'canceled' : 'expired' }
  return kept.length > 0 ? { kind: 'partial', kept } : { kind: 'waiting' }
}

/** Whether the page offers ways to pay: never while money may be on its way. */
export function isPayable({ kind }: PageState): boolean {
  return kind === 'waiting' || kind === 'partial'
}
