import {
  type Event,
  Event_ProbeFailed,
  Event_ProbeSuccessful,
  Option_u64Z,
  type Result_CVec_C2Tuple_ThirtyTwoBytesThirtyTwoBytesZZProbeSendFailureZ,
  Result_CVec_C2Tuple_ThirtyTwoBytesThirtyTwoBytesZZProbeSendFailureZ_OK,
} from 'lightningdevkit'
import { type Payee, type PayingNode, termsOf } from './paymentTerms.ts'
import type { RouteQuote } from './quotePayment.ts'

/** A probe is a payment that its payee cannot take: it locks liquidity on the way for nothing. Less than this is simply tried. */
const PROBE_ABOVE_MSAT = 50_000_000n
/** A route that is thought better needs no proof. */
const PROBE_BELOW_PPM = 800_000n
/** One payee is probed once in so long. */
const PROBE_EVERY_MS = 600_000
/** Payees remembered; the one probed first is forgotten first. */
const PAYEES_MAX = 1_000

/** Since the process began. `failed`: the route could not carry the amount, which the scorer has learnt. */
export type ProbeCount = Readonly<{ sent: number; arrived: number; failed: number }>

export type Probes = Readonly<{
  /** Sends probes now, and answers how many paths they go. Nothing can be paid by them. */
  send: (node: PayingNode, order: { payee: Payee; amountMsat: bigint }) => number
  /** Sends them when the amount is large, the route doubtful and the payee not probed lately. The quote does not wait for them; the next one knows. */
  sendIfDue: (node: PayingNode, order: { payee: Payee; amountMsat: bigint }, route: RouteQuote | undefined) => void
  note: (event: Event) => void
  count: () => ProbeCount
}>

export function startProbes(): Probes {
  const probedAt = new Map<string, number>()
  let count: ProbeCount = { sent: 0, arrived: 0, failed: 0 }
  const send: Probes['send'] = (node, { payee, amountMsat }) => {
    // Nobody but the payee knows the way that an offer's invoice will name.
    if (payee.kind === 'offer') return 0
    const { route } = termsOf(node, { payee, amountMsat, feeMaxMsat: undefined })
    const sent = paths(node.manager.send_preflight_probes(route, Option_u64Z.constructor_none()))
    count = { ...count, sent: count.sent + sent }
    return sent
  }
  return {
    send,
    sendIfDue: (node, order, route) => {
      const payee = payeeName(order.payee)
      const lastAt = probedAt.get(payee)
      if (!isDue({ amountMsat: order.amountMsat, route, sinceMs: lastAt === undefined ? undefined : node.now() - lastAt })) return
      probedAt.delete(payee)
      probedAt.set(payee, node.now())
      const [oldest] = probedAt.keys()
      if (probedAt.size > PAYEES_MAX && oldest !== undefined) probedAt.delete(oldest)
      send(node, order)
    },
    note: (event) => {
      if (event instanceof Event_ProbeSuccessful) count = { ...count, arrived: count.arrived + 1 }
      if (event instanceof Event_ProbeFailed) count = { ...count, failed: count.failed + 1 }
    },
    count: () => count,
  }
}

function payeeName(payee: Payee): string {
  return payee.kind === 'node' ? payee.nodeId : payee.kind === 'offer' ? payee.offer : payee.invoice
}

/** Whether a probe is worth what it locks. `sinceMs`: since this payee was probed; undefined when it never was. */
export function isDue(o: { amountMsat: bigint; route: RouteQuote | undefined; sinceMs: number | undefined }): boolean {
  const doubtful = o.route !== undefined && o.route.routePpm < PROBE_BELOW_PPM
  return doubtful && o.amountMsat >= PROBE_ABOVE_MSAT && (o.sinceMs === undefined || o.sinceMs >= PROBE_EVERY_MS)
}

function paths(sent: Result_CVec_C2Tuple_ThirtyTwoBytesThirtyTwoBytesZZProbeSendFailureZ): number {
  return sent instanceof Result_CVec_C2Tuple_ThirtyTwoBytesThirtyTwoBytesZZProbeSendFailureZ_OK ? sent.res.length : 0
}
