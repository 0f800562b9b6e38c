import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Flight } from './flights.ts'
import type { Lane } from './lane.ts'
import type { EvmRequest } from './requests.ts'
import type { NonceOf } from './transactionTable.ts'

/** The lanes of all operator keys. */
export type Lanes = ReturnType<typeof createLanes>

export function createLanes(all: readonly [Lane, ...Lane[]]) {
  const [first] = all
  const byOperator = new Map<Hex, Lane>(all.map((lane) => [lane.operator, lane]))
  return {
    all,
    /** Their accounts. */
    operators: all.map(({ operator }) => operator),
    /** The lane whose account holds the tokens. */
    first,
    /** The token leaves the first account only; what anyone may send takes the lane with the least before it, and what one account must send takes its own. */
    laneFor(kind: EvmRequest['kind'], sender?: Hex): Lane {
      if (sender !== undefined) return byOperator.get(sender) ?? first
      if (kind === 'payout') return first
      return all.reduce((least, lane) => (lane.load() < least.load() ? lane : least), first)
    },
    /** The lane of a nonce; undefined when its key is not configured any more. */
    of: ({ operator }: Pick<NonceOf, 'operator'>): Lane | undefined => byOperator.get(operator),
    flights: (): readonly Flight[] => all.flatMap((lane) => lane.flights()),
  }
}
