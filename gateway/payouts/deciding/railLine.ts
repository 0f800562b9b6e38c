import type { Destination } from '../../ports/sender.ts'

/** Kinds of destination whose payee's own server or node is asked first: its silence tells nothing of the rail. */
const ASKS_PAYEE: readonly Destination['kind'][] = ['lightning_address', 'lnurl', 'lightning_offer']

/** What a call to a rail counts for: the rail, or all payees' own servers; `tells`: whether its silence says something of the rail. */
export function lineOf(rail: string, { kind }: Destination): Readonly<{ line: string; tells: boolean }> {
  return ASKS_PAYEE.includes(kind) ? { line: `${rail} by payees' servers`, tells: false } : { line: rail, tells: true }
}
