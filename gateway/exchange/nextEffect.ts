import { min } from '../money/integers.ts'
import { type Exchange, type HeldPay, hasRefund, type IntentPay, isEnded, type ReturnReason } from './exchange.ts'

/**
 * What is to be done next.
 * - `watch`: ask the node whether the payment has come. - `guard`: ask whether it still waits, and again by `byMs`.
 * - `pay`: make the payout, no try after `sendBy`. - `take`: settle the payment. - `doubt`: write down that it will be taken without a certain payout.
 * - `give`: cancel the payment, and then book that it went back. - `forget`: the node gave it back before; only book it.
 * - `refund`: pay an intent's payment back. - `credit`, `cover`: book who has, or bears, the payout's amount. - `wait`: for a fact.
 */
export type ExchangeEffect =
  | Readonly<{ kind: 'none' | 'wait' | 'watch' | 'take' | 'refund' | 'credit' | 'cover' | 'forget' }>
  | Readonly<{ kind: 'guard'; byMs: number }>
  | Readonly<{ kind: 'doubt'; decideBy: number }>
  | Readonly<{ kind: 'pay'; sendBy: number | undefined }>
  | Readonly<{ kind: 'give'; reason: ReturnReason | 'unpaid' }>

/** `decideBy`: the node's latest word on its deadline, when there is one. */
type EffectInput = Readonly<{ now: number; marginMs: number; graceMs: number; decideBy?: number | undefined }>

/** Decides the next step from the facts and the time alone. A payment is never given back while its payout has moved or may have. */
export function nextEffect(x: Exchange, input: EffectInput): ExchangeEffect {
  if (isEnded(x)) return { kind: 'none' }
  return x.pay.kind === 'hold' ? forHeld(x, x.pay, input) : forIntent(x, x.pay)
}

function forHeld(x: Exchange, pay: HeldPay, input: EffectInput): ExchangeEffect {
  if (x.lost) return forLost(x)
  if (x.paid) return x.legState === 'failed' || x.legState === 'none' ? { kind: 'credit' } : { kind: 'wait' }
  if (!x.held) return input.now > pay.expiresAt + input.graceMs ? { kind: 'give', reason: 'unpaid' } : { kind: 'watch' }
  if (x.doubted) return { kind: 'take' }
  const decideBy = min(x.held.decideBy, input.decideBy ?? x.held.decideBy)
  const takeBy = decideBy - input.marginMs
  switch (x.legState) {
    case 'none': {
      const sendBy = takeBy - x.leg.worstMs
      return input.now > sendBy ? { kind: 'give', reason: 'too_late' } : { kind: 'pay', sendBy }
    }
    case 'settled':
      return { kind: 'take' }
    case 'failed':
      return { kind: 'give', reason: 'payout_failed' }
    case 'moving':
      return input.now >= takeBy ? { kind: 'doubt', decideBy } : { kind: 'guard', byMs: takeBy }
    case 'idle':
      // It may not be tried any more after its time, so it fails by itself; until it has said so it may still begin to move.
      return { kind: 'guard', byMs: takeBy }
  }
}

/** The payment is gone; the payout's end decides who bears it. */
function forLost({ legState }: Exchange): ExchangeEffect {
  if (legState === 'settled') return { kind: 'cover' }
  return legState === 'failed' || legState === 'none' ? { kind: 'forget' } : { kind: 'wait' }
}

function forIntent(x: Exchange, pay: IntentPay): ExchangeEffect {
  if (!x.paid) return { kind: 'wait' }
  if (x.legState === 'none') return { kind: 'pay', sendBy: undefined }
  if (x.legState === 'failed' && hasRefund(pay) && x.refund === 'none') return { kind: 'refund' }
  return { kind: 'wait' }
}
