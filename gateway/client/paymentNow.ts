import { GroundError } from '../errors/groundError.ts'
import type { PaidReceipt } from './paidReceipt.ts'
import { type Fetch, SEND_TIMEOUT_MS } from './sendPaid.ts'

const STATES = ['held', 'collecting', 'settled', 'failed', 'refund_due', 'refunded'] as const

/**
 * What became of a payment, by its gateway. `final`: it stays so, but that a chain may take back what it had settled. `transaction` once a chain has it;
 * `reason` why it failed.
 */
export type PaymentNow = Readonly<{
  status: (typeof STATES)[number]
  final: boolean
  transaction: string | undefined
  reason: string | undefined
}>

/**
 * Asks the gateway of a receipt what became of the payment; null where the server named no place to ask. The id in that place is all that is sent, and only
 * to the server that was paid or to a site that `allows` says may be paid, because that server chose the place.
 */
export async function paymentNow(
  { url, statusUrl }: Pick<PaidReceipt, 'url' | 'statusUrl'>,
  { fetch, allows }: Readonly<{ fetch: Fetch; allows: (origin: string) => boolean }>,
): Promise<PaymentNow | null> {
  if (statusUrl === undefined) return null
  const { origin } = new URL(statusUrl)
  if (origin !== new URL(url).origin && !allows(origin))
    throw new GroundError('invalid_request', `What became of the payment is told by ${origin}, which is no site of this payer`, {
      hint: 'Add it to budget.sites to ask it.',
    })
  const response = await fetch(statusUrl, { method: 'GET', redirect: 'error', signal: AbortSignal.timeout(SEND_TIMEOUT_MS) })
  const said: unknown = response.status === 200 ? await response.json().catch(() => undefined) : await response.body?.cancel()
  const now = readPayment(said)
  if (!now) throw new GroundError('outcome_unknown', `${origin} does not say what became of the payment (${response.status})`)
  return now
}

/** What other programs send may be anything. */
function readPayment(said: unknown): PaymentNow | undefined {
  const { status, final, reason, evidence } = (said ?? {}) as Readonly<Record<string, unknown>>
  const known = STATES.find((state) => state === status)
  if (!known || typeof final !== 'boolean') return undefined
  const { transaction } = (evidence ?? {}) as Readonly<Record<string, unknown>>
  const text = (value: unknown) => (typeof value === 'string' && value.length <= 200 ? value : undefined)
  return { status: known, final, transaction: text(transaction), reason: text(reason) }
}
