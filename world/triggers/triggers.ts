import { expired, late, over, paid, partial } from './moneyIn.ts'
import { payoutFails, payoutHangs, payoutReturns, refunded } from './moneyOut.ts'
import { reorg } from './onChain.ts'
import { railDown } from './railDown.ts'
import type { Happened } from './scene.ts'

/** All that can be made to happen, by the name that is typed. */
export const TRIGGERS: Readonly<Record<string, () => Promise<Happened>>> = {
  paid,
  late,
  partial,
  over,
  expired,
  reorg,
  'rail-down': railDown,
  refunded,
  'payout-fails': payoutFails,
  'payout-returns': payoutReturns,
  'payout-hangs': payoutHangs,
}
