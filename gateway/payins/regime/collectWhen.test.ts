import { describe, expect, test } from 'vitest'
import { routerPolicy } from '../../costs/policy.ts'
import { collectWhen, type HoldPolicy, type Pile } from './collectWhen.ts'

const CENT = 10_000_000n
const policy: HoldPolicy = { ...routerPolicy, shareMaxPpm: 100_000n, holdMs: 180_000 }
/** Base at 0.006 gwei and an ether of 3,000 USD: gas of docs/gas.md. */
const cost = { beside: 608_000n, row: 827_000n }

/** So many of a cent each, which came at these times (ms). */
function pileOf(at: readonly number[], worth = CENT, endsAt = 1_000_000): Pile {
  const since = at.reduce((sum, one) => sum + one, 0)
  return { rows: at.length, worth: worth * BigInt(at.length), since, worthSince: worth * BigInt(since), oldest: Math.min(...at), endsAt }
}

describe('what is held', () => {
  test('goes when waiting has cost as much as its transaction beside the rows, the sooner the more wait', () => {
    const whenOf = (at: readonly number[]) => {
      const pile = pileOf(at, 10n * CENT)
      for (let now = 0; now <= 200_000; now += 100) if (collectWhen(pile, cost, { ...policy, holdMs: 1_000_000, now }).collect) return now
      return undefined
    }
    expect([whenOf([0]), whenOf([0, 0]), whenOf([0, 0, 0, 0])]).toEqual([undefined, undefined, 152_000])
    expect(whenOf(new Array<number>(40).fill(0))).toBe(15_200)
  })

  test('says why it does not yet, and what it costs so far', () => {
    expect(collectWhen(pileOf([0, 0]), cost, { ...policy, shareMaxPpm: 200_000n, now: 30_000 })).toEqual({
      collect: false,
      because: 'company_may_come',
      waited: 60_002n,
      cost: 2_262_000n,
      sharePpm: 113_100n,
      latest: 180_000,
    })
  })

  test('waits on while it would cost more than its share, until its time is over', () => {
    const dust = pileOf([0, 0, 0, 0], CENT / 10n)
    const at = (now: number, row = cost.row) => collectWhen(dust, { ...cost, row }, { ...policy, now })
    expect(at(170_000)).toMatchObject({ collect: false, because: 'too_dear' })
    expect(at(180_000)).toMatchObject({ collect: true, because: 'held_long' })
    expect(collectWhen({ ...dust, endsAt: 90_000 }, cost, { ...policy, now: 90_000 })).toMatchObject({
      collect: true,
      because: 'ends_soon',
    })
  })

  test('goes when the price has fallen', () => {
    const pile = pileOf([0, 0, 0], CENT / 10n)
    const at = (price: bigint) => collectWhen(pile, { beside: 608_000n / price, row: 827_000n / price }, { ...policy, now: 60_000 })
    expect([at(1n), at(10n)].map(({ because }) => because)).toEqual(['too_dear', 'too_dear'])
    expect(at(50n)).toMatchObject({ collect: true, because: 'waiting_costs_more' })
  })

  test('goes at once when it fills a transaction, or when nothing can be saved', () => {
    expect(collectWhen(pileOf(new Array<number>(100).fill(5)), cost, { ...policy, now: 5 })).toMatchObject({
      collect: true,
      because: 'full',
    })
    expect(collectWhen(pileOf([5]), { beside: 0n, row: 0n }, { ...policy, now: 5 })).toMatchObject({ because: 'waiting_costs_more' })
  })
})
