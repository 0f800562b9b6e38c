import * as z from 'zod/mini'
import { GroundError } from '../errors/groundError.ts'
import { bolt11AmountMsat } from '../money/bolt11Amount.ts'
import { ceilDiv, max } from '../money/integers.ts'
import type { InvoiceOutcome, InvoicePayer } from './lightningWallet.ts'

/** `url` of LND's REST, `macaroon` in hex with offchain:read and offchain:write. */
type LndOptions = Readonly<{
  url: string
  macaroon: string
  /** The most that routing may cost, in msat, for an amount in msat: 1 % or 1 sat when absent. The budget counts it as spent. */
  feeMsatMax?: (amountMsat: bigint) => bigint
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}>

/** LND looks for a route so long. */
const PAY_S = 60
/** A send is answered by then, or its outcome is unknown. */
const SEND_MS_MAX = 90_000
const ASK_MS_MAX = 10_000
/** gRPC's words: nothing is known under that hash; it was sent before; whoever asks may not. */
const [NOT_FOUND, ALREADY_EXISTS, DENIED] = [5, 6, [7, 16]] as const

const payment = z.looseObject({ status: z.string(), payment_preimage: z.optional(z.string()), failure_reason: z.optional(z.string()) })
const refusal = z.looseObject({ code: z.int(), message: z.string() })
const decoded = z.looseObject({
  payment_hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  timestamp: z.string().check(z.regex(/^[0-9]{1,15}$/)),
  expiry: z.string().check(z.regex(/^[0-9]{1,15}$/)),
})
type Payment = z.infer<typeof payment>
type Refused = z.infer<typeof refusal>

/** Pays invoices by an LND over its REST interface. */
export function lndPayer(o: LndOptions): InvoicePayer {
  const feeMsatMax = o.feeMsatMax ?? ((amountMsat: bigint) => max(1_000n, ceilDiv(amountMsat, 100n)))
  const send = o.fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init))
  const call = (path: string, ms: number, body?: object) =>
    send(`${o.url.replace(/\/$/, '')}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'grpc-metadata-macaroon': o.macaroon },
      signal: AbortSignal.timeout(ms),
      ...(body && { body: JSON.stringify(body) }),
    })

  async function lookupInvoice({ invoice }: { invoice: string }): Promise<InvoiceOutcome | undefined> {
    const { payment_hash, timestamp, expiry } = decoded.parse(await (await call(`/v1/payreq/${invoice}`, ASK_MS_MAX)).json())
    const hash = btoa(String.fromCharCode(...(payment_hash.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))))
    const path = `/v2/router/track/${hash.replaceAll('+', '-').replaceAll('/', '_')}`
    const found = await lastLine(await call(path, ASK_MS_MAX))
    if (!isRefused(found)) return outcomeOf(found)
    // LND pays no invoice that has expired, so what it does not know by then it never will.
    const isOver = Date.now() > (Number.parseInt(timestamp, 10) + Number.parseInt(expiry, 10)) * 1_000
    return found.code === NOT_FOUND && isOver ? { failed: 'LND knows no such payment, and the invoice has expired' } : undefined
  }

  return {
    feeMsatMax,
    lookupInvoice,
    async payInvoice({ invoice }) {
      const amountMsat = bolt11AmountMsat(invoice)
      if (typeof amountMsat !== 'bigint') return { failed: 'the invoice names no amount' }
      const body = {
        payment_request: invoice,
        timeout_seconds: PAY_S,
        fee_limit_msat: `${feeMsatMax(amountMsat)}`,
        no_inflight_updates: true,
      }
      const ended = await lastLine(await call('/v2/router/send', SEND_MS_MAX, body))
      if (isRefused(ended)) {
        if (isDenied(ended)) return { failed: `LND does not let this macaroon pay: ${ended.message.slice(0, 200)}` }
        const found = ended.code === ALREADY_EXISTS ? await lookupInvoice({ invoice }) : undefined
        if (found) return found
        throw new GroundError('outcome_unknown', `LND says: ${ended.message.slice(0, 200)}`)
      }
      const outcome = outcomeOf(ended)
      if (!outcome) throw new GroundError('outcome_unknown', `LND says that the payment is ${ended.status}`)
      return outcome
    },
  }
}

function outcomeOf({ status, payment_preimage, failure_reason }: Payment): InvoiceOutcome | undefined {
  if (status === 'SUCCEEDED' && payment_preimage) return { preimage: payment_preimage }
  return status === 'FAILED' ? { failed: `LND says ${failure_reason ?? 'that it failed'}` } : undefined
}

/** The macaroon is read before anything else is. LND has no code of its own for one that is garbled or of another node. */
function isDenied({ code, message }: Refused): boolean {
  return DENIED.some((denied) => denied === code) || /\bmacaroon\b|^verification failed|^permission denied/.test(message)
}

function isRefused(said: Payment | Refused): said is Refused {
  return 'code' in said
}

/** A stream of LND is one JSON a line; the last is where the payment is now. A refusal comes in its place, inside `error` or as it is. */
async function lastLine(response: Response): Promise<Payment | Refused> {
  const last = (await response.text()).trim().split('\n').at(-1) ?? ''
  const { result, error, ...bare } = JSON.parse(last) as Record<string, unknown> // Each part is checked below.
  const read = payment.safeParse(result)
  return read.success ? read.data : refusal.parse(error ?? bare)
}
