import { mulDiv } from '../money/money.ts'
import type { NanoUsd, RouterPolicy } from './policy.ts'

const PPT = 1_000_000_000_000n

/** Somebody's money that is on its way: how long, and how much it is. Weighted sums over several payments do as well as one. */
type Waiting = Readonly<{ seconds: bigint; amountSeconds: NanoUsd }>

/** What waiting costs: of each second as such, and of the capital that is not there. Rounded up. */
export function costOfWaiting(
  { seconds, amountSeconds }: Waiting,
  policy: Pick<RouterPolicy, 'waitNanoPerSecond' | 'capitalPptPerSecond'>,
): NanoUsd {
  return policy.waitNanoPerSecond * seconds + mulDiv(amountSeconds, policy.capitalPptPerSecond, PPT, 'up')
}
