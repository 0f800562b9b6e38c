import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { USDC } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { Member, Net } from './net.ts'
import { nextEffect } from './nextEffect.ts'
import { type NetPrice, worthWaitingUntil } from './timing.ts'

const DAY_MS = 86_400_000
/** A thousand nano-USD a second and payout, and no price of capital. */
const policy = { waitNanoPerSecond: 1_000n, capitalPptPerSecond: 0n }
const NOW = 1_800_000_000_000

/** A net whose members joined at these seconds, with a USDC each. */
function netOf(joinedS: readonly number[], o: Partial<Net['bounds']> = {}): Net {
  const members = joinedS.map(
    (s): Member => ({
      id: `po_${s}`,
      source: 'party:pa_1',
      amount: money(USDC, 1_000_000n),
      reference: '',
      createdBy: 'test',
      createdAt: NOW + s * 1_000,
      hold: 'en_1',
      claims: [],
    }),
  )
  const bounds = { unitsMax: 10n ** 12n, countMax: 100, closeBy: NOW + DAY_MS, ...o }
  const rest = { closed: undefined, payment: 'none', paid: undefined, ended: false, returned: false } as const
  return { id: 'nt_1', destination: { kind: 'iban', iban: 'DE89370400440532013000', name: 'A' }, members, bounds, ...rest }
}

/** A payment of so many nano-USD; a USDC is worth a dollar. */
const price = (paymentNano: bigint, at = NOW): NetPrice => ({ at, terms: { paymentNano, units: 1_000_000n, worthNano: 1_000_000_000n } })

describe('a net', () => {
  test('waits until the waits of all together have cost what one payment costs', () => {
    expect(worthWaitingUntil(netOf([0]), price(60_000n), policy)).toBe(NOW + 60_000)
    // After 30 seconds of one, 30 more of its thousands are left, and two use them up.
    expect(worthWaitingUntil(netOf([0, 30]), price(60_000n), policy)).toBe(NOW + 30_000 + 15_000)
    expect(worthWaitingUntil(netOf([0, 0, 0]), price(60_000n), policy)).toBe(NOW + 20_000)
    // The capital of two dollars at a thousandth of them a second, without the time.
    const dear = { waitNanoPerSecond: 0n, capitalPptPerSecond: 1_000_000_000n }
    expect(worthWaitingUntil(netOf([0, 0]), price(60_000_000n), dear)).toBe(NOW + 30_000)
    // What costs nothing to pay is paid at once, and what costs nothing to hold waits for its bounds.
    expect(worthWaitingUntil(netOf([0]), price(0n), policy)).toBe(NOW)
    expect(worthWaitingUntil(netOf([0]), price(1n), { waitNanoPerSecond: 0n, capitalPptPerSecond: 0n })).toBeUndefined()
  })

  test('closes by the model, but never after what its members asked for, and by a price of now alone', () => {
    const net = netOf([0])
    const at = (ms: number, known: NetPrice | undefined) => nextEffect(net, NOW + ms, { price: known, policy })
    expect(at(0, undefined)).toEqual({ kind: 'price' })
    expect(at(1, price(60_000n))).toEqual({ kind: 'waitUntil', at: NOW + 60_000 })
    expect(at(60_000, price(60_000n))).toEqual({ kind: 'price' })
    expect(at(60_000, price(60_000n, NOW + 60_000))).toEqual({ kind: 'close', reason: 'model' })
    expect(at(60_000, price(90_000n, NOW + 60_000))).toEqual({ kind: 'waitUntil', at: NOW + 90_000 })
    const soon = netOf([0], { closeBy: NOW + 5_000 })
    expect(nextEffect(soon, NOW + 1, { price: price(60_000n), policy })).toEqual({ kind: 'waitUntil', at: NOW + 5_000 })
    expect(nextEffect(soon, NOW + 5_000, { price: price(60_000n), policy })).toEqual({ kind: 'close', reason: 'age' })
    const full = netOf([0, 1], { countMax: 2 })
    expect(nextEffect(full, NOW + 1_001, { price: undefined, policy })).toEqual({ kind: 'close', reason: 'count' })
  })

  test('waits for its bounds alone while no rail gives terms', () => {
    expect(nextEffect(netOf([0]), NOW + 1, { price: { at: NOW, terms: undefined }, policy })).toEqual({
      kind: 'waitUntil',
      at: NOW + DAY_MS,
    })
  })
})

const PAYMENT = 600_000n

/** What a row of arrivals costs: its payments, and a nano-USD for each millisecond of a payout's wait. `closes` says when a net with these members does. */
function costOf(arrivalsMs: readonly number[], closes: (joinedMs: readonly number[]) => number): bigint {
  let [cost, open] = [0n, [] as number[]]
  for (const [i, ms] of arrivalsMs.entries()) {
    open.push(ms)
    const [next, at] = [arrivalsMs[i + 1], closes(open)]
    if (next !== undefined && next <= at) continue
    cost += PAYMENT + waitOf(open, at)
    open = []
  }
  return cost
}

function waitOf(joinedMs: readonly number[], at: number): bigint {
  return joinedMs.reduce((sum, one) => sum + BigInt(at - one), 0n)
}

/** The cheapest division of the arrivals into nets that each close at their last member. */
function bestOf(arrivalsMs: readonly number[]): bigint {
  const best: bigint[] = [0n]
  for (let end = 1; end <= arrivalsMs.length; end++) {
    const costs = Array.from(
      { length: end },
      (_, from) => best[from]! + PAYMENT + waitOf(arrivalsMs.slice(from, end), arrivalsMs[end - 1]!),
    )
    best.push(costs.reduce((a, b) => (a < b ? a : b)))
  }
  return best.at(-1)!
}

test('a net costs at most twice what somebody who knew would pay, whoever comes when; a fixed age has no such bound', () => {
  const byModel = (joinedMs: readonly number[]) => worthWaitingUntil(netOf(joinedMs.map((ms) => ms / 1_000)), price(PAYMENT), policy)! - NOW
  const gaps = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(gaps, (between) => {
      let at = 0
      const arrivals = between.map((gap) => {
        at += gap
        return at
      })
      expect(costOf(arrivals, byModel)).toBeLessThanOrEqual(2n * bestOf(arrivals))
    }),
    { numRuns: 300 },
  )
  const seldom = [0, 5_000_000, 10_000_000]
  expect(costOf(seldom, (joined) => joined[0]! + 4_000_000)).toBeGreaterThan(4n * bestOf(seldom))
})
