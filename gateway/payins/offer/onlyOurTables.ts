import { GatewayError } from '../../errors/gatewayError.ts'
import type { Money } from '../../money/money.ts'
import type { Split, Splits } from '../../parties/party/splits.ts'
import type { Hex } from '../../ports/ids.ts'
import { railKind } from '../../ports/railName.ts'
import type { Receiver } from '../../ports/receiver.ts'

type Tables = Pick<Splits, 'bySplitId' | 'isPayableOnChain'>

/** A chain makes no offer for a table whose payees in the books it would pay to an account that is not ours. */
export function onlyOurTables(receiver: Receiver, splits: Tables): Receiver {
  if (railKind(receiver.rail) !== 'evm') return receiver
  const { rail, asset } = receiver
  const cost = receiver.cost && ((amount: Money) => receiver.cost!(amount))
  const secondsToFunds = receiver.secondsToFunds && ((at: number) => receiver.secondsToFunds!(at))
  return {
    rail,
    asset,
    async offer(request) {
      refuseForeign(splits, request.splitId)
      return receiver.offer(request)
    },
    ...(cost ? { cost } : {}),
    ...(secondsToFunds ? { secondsToFunds } : {}),
    settlements: (after, options) => receiver.settlements(after, options),
  }
}

/** Refuses, with `rail_unavailable`, a table that a chain must not be paid for. */
export function refuseForeign(splits: Tables, splitId: Hex | undefined): void {
  const split: Split | undefined = splitId && splits.bySplitId(splitId)
  if (!split || splits.isPayableOnChain(split)) return
  throw new GatewayError('rail_unavailable', `On chain ${split.key} would pay an account that is not the gateway's any more`, {
    hint: 'Register the table anew. Rails that pass through the books take the old one.',
    meta: { split: split.key },
  })
}
