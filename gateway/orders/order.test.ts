import { describe, expect, test } from 'vitest'
import { USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { dueOf, payoutOfSlot } from './order.ts'

const terms = (o: { fixed?: bigint; keep?: bigint; above?: bigint; feeMax?: bigint }) => ({
  fixed: o.fixed === undefined ? undefined : money(USD, o.fixed),
  keep: money(USD, o.keep ?? 0n),
  above: o.above === undefined ? undefined : money(USD, o.above),
  feeMax: money(USD, o.feeMax ?? 0n),
})

test.each<[string, Parameters<typeof terms>[0], bigint, string, bigint?]>([
  ['everything', {}, 100n, 'pay', 100n],
  ['everything of nothing', {}, 0n, 'nothing'],
  ['all above what is kept', { keep: 30n }, 100n, 'pay', 70n],
  ['all above what is kept and what a fee may take', { keep: 30n, feeMax: 5n }, 100n, 'pay', 65n],
  ['nothing above what is kept', { keep: 30n }, 30n, 'nothing'],
  ['a balance that others have overdrawn by holds', { keep: 30n }, -5n, 'nothing'],
  ['a fixed amount', { fixed: 40n }, 100n, 'pay', 40n],
  ['a fixed amount, to the last unit', { fixed: 40n, keep: 60n }, 100n, 'pay', 40n],
  ['a fixed amount that would touch what is kept', { fixed: 40n, keep: 61n }, 100n, 'short', 40n],
  ['only when above, at the sum', { above: 100n }, 100n, 'nothing'],
  ['only when above, a unit more', { above: 100n }, 101n, 'pay', 101n],
  ['a fixed amount when above, below it', { fixed: 40n, above: 100n }, 10n, 'nothing'],
])('%s', (_name, of, free, kind, units) => {
  expect(dueOf(terms(of), free)).toEqual(units === undefined ? { kind } : { kind, amount: money(USD, units) })
})

describe('the payout of a slot', () => {
  const order = { id: 'so_1', schedule: { every: 'month', day: 1, hour: 0 } } as const

  test('has one id, and another in every other slot and of every other order', () => {
    const ids = [payoutOfSlot(order, 684), payoutOfSlot(order, 685), payoutOfSlot({ ...order, id: 'so_2' }, 684)]
    expect(payoutOfSlot({ ...order }, 684)).toBe(ids[0])
    expect(new Set(ids).size).toBe(3)
    for (const id of ids) expect(id).toMatch(/^po_[0-9a-f]{32}$/)
  })

  test('sorts by the time of its slot', () => {
    expect(payoutOfSlot(order, 684).slice(3, 15)).toBe(Date.parse('2027-01-01').toString(16).padStart(12, '0'))
  })
})
