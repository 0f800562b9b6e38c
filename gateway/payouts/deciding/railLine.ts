import type { Destination, Sender } from '../../ports/sender.ts'

/** Kinds of destination whose payee's own server or node is asked first: its silence tells nothing of the rail. */
const ASKS_PAYEE: readonly Destination['kind'][] = ['lightning_address', 'lnurl', 'lightning_offer']

/**
 * What a call to a rail counts for: the rail, or all payees' own servers, and of these `host`, where the rail can say which it is; `tells`: whether its
 * silence says something of the rail.
 */
export function lineOf(
  { rail, payeeHost }: Pick<Sender, 'rail' | 'payeeHost'>,
  destination: Destination,
): Readonly<{ line: string; tells: boolean; host?: string }> {
  if (!ASKS_PAYEE.includes(destination.kind)) return { line: rail, tells: true }
  const host = payeeHost?.(destination)
  return { line: `${rail} by payees' servers`, tells: false, ...(host !== undefined && { host }) }
}
