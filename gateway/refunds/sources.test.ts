import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { takingsFor } from './sources.ts'

const NO_RESERVE = { from: 'capital:operator', units: 0n }
const shares = (...left: bigint[]) => left.map((units, i) => ({ party: `pa_${i}`, given: units, left: units }))
const rich = () => 10n ** 9n

describe('who pays for what goes back', () => {
  test('are the payees in proportion of their shares, by largest remainder', () => {
    const { takings, missing } = takingsFor({
      brought: 10n,
      worth: 10n,
      shares: shares(50n, 30n, 20n),
      asker: undefined,
      availableOf: rich,
      reserve: NO_RESERVE,
    })
    expect([takings.map(({ from, units }) => [from, units]), missing]).toEqual([
      [
        ['party:pa_0', 5n],
        ['party:pa_1', 3n],
        ['party:pa_2', 2n],
      ],
      0n,
    ])
  })

  test('is the party that asks alone, where the payment was shared', () => {
    const wanted = { brought: 10n, worth: 10n, shares: shares(50n, 50n), asker: 'pa_1', availableOf: rich, reserve: NO_RESERVE }
    expect(takingsFor(wanted).takings).toEqual([{ from: 'party:pa_1', units: 10n, share: 5n }])
  })

  test('is the reserve for what a payee has spent, within its bound, and nobody for the rest', () => {
    const wanted = {
      brought: 10n,
      worth: 10n,
      shares: shares(50n, 50n),
      asker: undefined,
      availableOf: (party: string) => (party === 'pa_0' ? 1n : 9n),
    }
    const { takings, missing } = takingsFor({ ...wanted, reserve: { from: 'capital:operator', units: 3n } })
    expect([takings, missing]).toEqual([
      [
        { from: 'party:pa_0', units: 1n, share: 1n },
        { from: 'party:pa_1', units: 5n, share: 5n },
        { from: 'capital:operator', units: 3n, share: 0n },
      ],
      1n,
    ])
  })

  test('are in all parts together each payee for exactly what it was given', () => {
    const given = fc.array(fc.bigInt(0n, 1_000n), { minLength: 1, maxLength: 6 }).filter((all) => all.some((units) => units > 0n))
    fc.assert(
      fc.property(given, fc.array(fc.bigInt(1n, 400n), { maxLength: 12 }), (units, parts) => {
        const total = units.reduce((a, b) => a + b, 0n)
        let left = shares(...units)
        let rest = total
        for (const part of [...parts, total]) {
          const brought = part < rest ? part : rest
          rest -= brought
          const { takings, missing } = takingsFor({
            brought,
            worth: brought,
            shares: left,
            asker: undefined,
            availableOf: rich,
            reserve: NO_RESERVE,
          })
          expect([missing, takings.reduce((sum, taking) => sum + taking.units, 0n)]).toEqual([0n, brought])
          const taken = new Map(takings.map((taking) => [taking.from, taking.share]))
          left = left.map((share) => ({
            party: share.party,
            given: share.given,
            left: share.left - (taken.get(`party:${share.party}`) ?? 0n),
          }))
          expect(left.every((share) => share.left >= 0n)).toBe(true)
        }
        expect(left.map((share) => share.left)).toEqual(units.map(() => 0n))
      }),
    )
  })
})
