import type { CustomRailName } from './railName.ts'
import type { Receiver } from './receiver.ts'
import type { Sender } from './sender.ts'
import type { Statement } from './statement.ts'

/**
 * A rail that an operator's own program brings, already open. It pays destinations of kind `custom`, and says what it holds at the place `account`. It
 * receives when it has the members of a receiver; without them it pays out alone, and names its fees with the outcome. A rail that is away says so call by
 * call: `unknown` of money, `rail_unavailable` of anything else.
 */
export type CustomRail = Readonly<{ rail: CustomRailName; close: () => Promise<unknown> }> &
  Sender &
  Statement &
  (Receiver | Readonly<{ offer?: undefined; settlements?: undefined; cost?: undefined; feesComeBy: 'outcome' }>)
