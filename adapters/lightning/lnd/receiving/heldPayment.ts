/** A payment that waits: what came, and the block at which the first of its HTLCs expires. */
export type Waiting = Readonly<{ hash: string; amountMsat: bigint; heldAt: number; timeoutHeight: number }>

type HeldInvoice = Readonly<{
  is_held?: boolean
  payments: readonly Readonly<{ is_held: boolean; mtokens: string; created_at: string; timeout: number }>[]
}>

/** What waits under an invoice, or undefined when nothing does. */
export function heldOf(hash: string, invoice: HeldInvoice): Waiting | undefined {
  const payments = invoice.is_held ? invoice.payments.filter(({ is_held }) => is_held) : []
  const [first] = payments
  if (!first) return undefined
  return {
    hash,
    amountMsat: payments.reduce((sum, { mtokens }) => sum + BigInt(mtokens), 0n),
    heldAt: payments.reduce((latest, { created_at }) => Math.max(latest, Date.parse(created_at)), 0),
    timeoutHeight: payments.reduce((least, { timeout }) => Math.min(least, timeout), first.timeout),
  }
}
