import type { NanoUsd } from '../../costs/policy.ts'
import { ceilDiv } from '../../money/integers.ts'
import { tryCost } from '../../payouts/router/bestOrder.ts'
import { costOfFailure, costOfSuccess } from '../../payouts/router/terms.ts'
import type { Collecting } from './priceCollecting.ts'

type TermName = keyof Collecting['terms']['success'] | keyof Collecting['terms']['failure']

/**
 * By how much the largest term of the way that is offered first must rise, in nano-USD, before another is: that of this place. No sum is too small or too
 * large to be exact.
 */
type OfferThreshold = Readonly<{ term: TermName; termNano: NanoUsd; mustRiseByNano: NanoUsd; inFavourOf: number }>

const PPM = 1_000_000n

/** The places of the ways, the one that costs all sides least first; of equals the earlier. */
export function orderOffers(ways: readonly Pick<Collecting, 'wholeNano'>[]): number[] {
  return ways
    .map((_, place) => place)
    .sort((a, b) => {
      const [left, right] = [ways[a]!.wholeNano, ways[b]!.wholeNano]
      return left === right ? a - b : left < right ? -1 : 1
    })
}

/** What would change the order's head; undefined where there is one way only, or where no rise of that term ever would. */
export function offerThreshold(ways: readonly Collecting[], order: readonly number[]): OfferThreshold | undefined {
  const [first, second] = order
  if (first === undefined || second === undefined) return undefined
  const { terms, successPpm, wholeNano } = ways[first]!
  const { name, nano, when } = largestTerm(ways[first]!)
  // At equal costs the earlier place is first.
  const least = ways[second]!.wholeNano + (first < second ? 1n : 0n)
  const rise = least - wholeNano
  if (when === 'success') return { term: name, termNano: nano, mustRiseByNano: rise, inFavourOf: second }
  // Met by those that fail only: the least rise whose cost a success, rounded up, is as much more.
  const cost = tryCost({ successPpm, onSuccess: costOfSuccess(terms), onFailure: costOfFailure(terms) })
  const target = (ceilDiv(cost, successPpm) + rise - 1n) * successPpm + 1n
  return { term: name, termNano: nano, mustRiseByNano: ceilDiv(target - cost, PPM - successPpm), inFavourOf: second }
}

/** The term with the largest expected share; the first of equals. Only a way that may fail has one that failing meets. */
function largestTerm({ terms, successPpm }: Collecting) {
  const rows = [
    ...Object.entries(terms.success).map(([name, nano]) => ({
      name: name as TermName,
      nano,
      when: 'success' as const,
      share: nano * successPpm,
    })),
    ...Object.entries(terms.failure).map(([name, nano]) => ({
      name: name as TermName, // They are its keys.
      nano,
      when: 'failure' as const,
      share: nano * (PPM - successPpm),
    })),
  ]
  return rows.reduce((best, row) => (row.share > best.share ? row : best))
}
