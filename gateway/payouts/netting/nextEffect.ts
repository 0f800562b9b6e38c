import { type CloseReason, type Net, totalOf } from './net.ts'

/** What is to be done next: wait (until a time, or for a fact), close the net, make its payment, or book its end. */
export type NetEffect =
  | Readonly<{ kind: 'none' | 'wait' | 'pay' }>
  | Readonly<{ kind: 'waitUntil'; at: number }>
  | Readonly<{ kind: 'close'; reason: CloseReason }>
  | Readonly<{ kind: 'end'; outcome: 'settled' | 'failed' }>

/** Decides the next step from the facts and the time alone. While the payment's outcome is not known, everybody waits. */
export function nextEffect(net: Net, now: number): NetEffect {
  if (net.ended) return { kind: 'none' }
  if (!net.closed) {
    const { unitsMax, countMax, closeBy } = net.bounds
    if (totalOf(net).units >= unitsMax) return { kind: 'close', reason: 'amount' }
    if (net.members.length >= countMax) return { kind: 'close', reason: 'count' }
    return now >= closeBy ? { kind: 'close', reason: 'age' } : { kind: 'waitUntil', at: closeBy }
  }
  if (net.payment === 'none') return { kind: 'pay' }
  return net.payment === 'settled' || net.payment === 'failed' ? { kind: 'end', outcome: net.payment } : { kind: 'wait' }
}
