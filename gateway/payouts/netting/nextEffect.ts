import { min } from '../../money/integers.ts'
import { type CloseReason, type Net, totalOf } from './net.ts'
import { isFresh, type NetPrice, type WaitPolicy, worthWaitingUntil } from './timing.ts'

/** What is to be done next: wait (until a time, or for a fact), ask what its payment costs, close the net, make its payment, or book its end. */
export type NetEffect =
  | Readonly<{ kind: 'none' | 'wait' | 'price' | 'pay' }>
  | Readonly<{ kind: 'waitUntil'; at: number }>
  | Readonly<{ kind: 'close'; reason: CloseReason }>
  | Readonly<{ kind: 'end'; outcome: 'settled' | 'failed' }>

/**
 * Decides the next step from the facts, the time, and what the one payment costs. While the payment's outcome is not known, everybody waits. `price`: as it
 * was asked last.
 */
export function nextEffect(
  net: Net,
  now: number,
  { price, policy }: Readonly<{ price: NetPrice | undefined; policy: WaitPolicy }>,
): NetEffect {
  if (net.ended) return { kind: 'none' }
  if (!net.closed) {
    const { unitsMax, countMax, closeBy } = net.bounds
    if (totalOf(net).units >= unitsMax) return { kind: 'close', reason: 'amount' }
    if (net.members.length >= countMax) return { kind: 'close', reason: 'count' }
    if (now >= closeBy) return { kind: 'close', reason: 'age' }
    const until = worthWaitingUntil(net, price, policy)
    if (until !== undefined && now < until) return { kind: 'waitUntil', at: min(closeBy, until) }
    // It is closed by a price of now alone.
    if (!isFresh(price, now)) return { kind: 'price' }
    return until === undefined ? { kind: 'waitUntil', at: closeBy } : { kind: 'close', reason: 'model' }
  }
  if (net.payment === 'none') return { kind: 'pay' }
  return net.payment === 'settled' || net.payment === 'failed' ? { kind: 'end', outcome: net.payment } : { kind: 'wait' }
}
