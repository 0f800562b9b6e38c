import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RouterPolicy, routerPolicy } from '../../costs/policy.ts'
import type { Possible } from './candidate.ts'
import { quickTries } from './quickTries.ts'
import { costOfFailure, costOfSuccess, priceTerms } from './terms.ts'

const DOLLAR = 1_000_000_000n

/** From nothing to more than a double holds, and round ones, whose quotients are whole. */
const nano = fc.oneof(
  fc.bigInt(0n, 10n ** 16n),
  fc.bigInt(0n, 10n ** 10n),
  fc.integer({ min: 0, max: 9 }).chain((n) => fc.integer({ min: 0, max: 18 }).map((power) => BigInt(n) * 10n ** BigInt(power))),
)
const seconds = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 1_000_000n))
const few = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const beside = fc.record({
  gasNano: few(fc.bigInt(0n, DOLLAR)),
  batchShareNano: few(fc.bigInt(0n, DOLLAR)),
  conversionPpm: few(fc.bigInt(0n, 30_000n)),
  volatilityPpb: few(fc.constantFrom(0n, 14_000n, 89_000n, 119_000n, 87_654n)),
  secondsLocked: few(seconds),
  reversalNano: few(fc.bigInt(0n, DOLLAR)),
  preferenceNano: few(fc.bigInt(0n, DOLLAR)),
})
const possible = fc.record({
  kind: fc.constant('possible' as const),
  rail: fc.constantFrom('lightning' as const, 'evm:1' as const, 'bank' as const, 'book' as const, 'custom:other' as const),
  destination: fc.constant(0),
  feeNano: nano,
  failureFeeNano: nano,
  successPpm: fc.bigInt(0n, 1_000_000n),
  secondsToFunds: seconds,
  secondsToFail: seconds,
  availableNano: nano,
  converted: fc.boolean(),
  beside: few(beside),
})
/** What nobody has said is absent, as rails' terms have it. */
const said = ({ beside: own, ...rest }: Omit<Possible, 'beside'> & { beside: object | undefined }): Possible =>
  own ? { ...rest, beside: Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) } : rest

const policy: fc.Arbitrary<RouterPolicy> = fc.constantFrom(
  routerPolicy,
  { ...routerPolicy, liquidityPpm: 700n, riskPricePpm: 99_999n, capitalPptPerSecond: 2_539n, unknownCostNano: 2_000_000_001n },
  { ...routerPolicy, liquidityPpm: 0n, waitNanoPerSecond: 0n },
)

test('a quick try is the sum of the terms to the nano-dollar, in 20,000 candidates', () => {
  let seen = 0
  const same = fc.property(fc.array(possible, { minLength: 4, maxLength: 8 }), nano, policy, (rows, amountNano, prices) => {
    const candidates = rows.map(said)
    const { exactAt, near } = quickTries(candidates, amountNano, prices)
    return candidates.every((candidate, i) => {
      seen++
      const terms = priceTerms(candidate, amountNano, prices)
      const [onSuccess, onFailure] = [costOfSuccess(terms), costOfFailure(terms)]
      const { successPpm, ...sums } = exactAt(i)
      const exact = successPpm === candidate.successPpm && sums.onSuccess === onSuccess && sums.onFailure === onFailure
      return (
        exact && near.success[i] === Number(onSuccess) && near.failure[i] === Number(onFailure) && near.chance[i] === Number(successPpm)
      )
    })
  })
  fc.assert(same, { numRuns: 5_000 })
  expect(seen).toBeGreaterThanOrEqual(20_000)
})

test('what is impossible has no place among them', () => {
  const away = { kind: 'impossible' as const, rail: 'bank' as const, destination: 0, reason: 'no_route' as const, detail: 'x' }
  const own: Possible = {
    ...away,
    kind: 'possible',
    feeNano: 1n,
    failureFeeNano: 0n,
    successPpm: 1n,
    secondsToFunds: 0n,
    secondsToFail: 0n,
    availableNano: 0n,
    converted: false,
  }
  expect(quickTries([away, own, away], DOLLAR, routerPolicy).places).toEqual([1])
})
