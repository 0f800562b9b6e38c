import type { NanoUsd } from '../../costs/policy.ts'
import { type Net, savedNano, sharesOf } from './net.ts'

/** What netting did for one source: its payouts that were paid so, in how many payments, and its share of what that was expected to save. */
export type Gain = Readonly<{ payouts: number; payments: number; savedNano: NanoUsd }>

export const NO_GAIN: Gain = { payouts: 0, payments: 0, savedNano: 0n }

/** Adds what a settled net did for each of its members' sources. */
export function addGain(gains: Map<string, Gain>, net: Net): void {
  const shares = sharesOf(net, savedNano(net) ?? 0n)
  const paid = new Set<string>()
  for (const [i, { source }] of net.members.entries()) {
    const { payouts, payments: times, savedNano: saved } = gains.get(source) ?? NO_GAIN
    gains.set(source, { payouts: payouts + 1, payments: paid.has(source) ? times : times + 1, savedNano: saved + shares[i]! })
    paid.add(source)
  }
}
