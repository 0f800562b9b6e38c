import type { Destination } from '../ports/sender.ts'
import { type GivenRefund, openTry } from './givenRefund.ts'

/** So often a refund may be tried, since each try is written down. */
export const TRIES_MAX = 20

/**
 * What is to be done next. `pay`: to the place that is known. `reopen`: write down that what was paid came back. `end`: it has its end. `claim`: its payer
 * says where to, until the time has come. `wait`: for its payout.
 */
export type RefundEffect =
  | Readonly<{ kind: 'none' | 'wait' | 'reopen' }>
  | Readonly<{ kind: 'pay'; to: Destination }>
  | Readonly<{ kind: 'claim'; untilMs: number }>
  | Readonly<{ kind: 'end'; outcome: 'succeeded' | 'failed' | 'expired' }>

/** Decides the next step from the facts and the time alone. Nothing is given back to its payees while its payout has moved or may have. */
export function nextEffect(refund: GivenRefund, now: number): RefundEffect {
  const { end, tries, data, expiresAt, returned } = refund
  if (end) return { kind: 'none' }
  if (returned) return { kind: 'reopen' }
  if (openTry(refund)) return { kind: 'wait' }
  if (tries.at(-1)?.state === 'settled') return { kind: 'end', outcome: 'succeeded' }
  if (tries.length === 0 && data.way.kind === 'to') return { kind: 'pay', to: data.way.to }
  if (tries.length >= TRIES_MAX) return { kind: 'end', outcome: 'failed' }
  return now >= expiresAt ? { kind: 'end', outcome: 'expired' } : { kind: 'claim', untilMs: expiresAt }
}
