import { z } from 'zod'
import type { TlvRecord } from '../../../../gateway/ports/sender.ts'

/** A keysend brings its preimage under this type (bLIP 3); it is no record of the payer's. */
const KEYSEND_PREIMAGE = '5482373484'
/** What routers tell each other of a payment's standing (bLIP 4); LND shows it among the payer's. */
const ENDORSEMENT = '106823'
/** Smaller types are the protocol's own (BOLT 4). */
const CUSTOM_MIN = 65_536n

const withMessages = z.object({
  payments: z.array(
    z.object({ messages: z.array(z.object({ type: z.string().regex(/^\d{1,20}$/), value: z.string().regex(/^([0-9a-f]{2})*$/) })) }),
  ),
})

/** What the payer's wallet sent along with a payment, as the client tells of its parts; each type once, the smallest first. */
export function recordsOf(invoice: unknown): readonly TlvRecord[] {
  const told = withMessages.safeParse(invoice)
  if (!told.success) return []
  const byType = new Map<string, string>()
  for (const { type, value } of told.data.payments.flatMap(({ messages }) => messages)) {
    if (type !== KEYSEND_PREIMAGE && type !== ENDORSEMENT && BigInt(type) >= CUSTOM_MIN && !byType.has(type)) byType.set(type, value)
  }
  return [...byType].map(([type, value]) => ({ type, value })).sort((a, b) => (BigInt(a.type) < BigInt(b.type) ? -1 : 1))
}
