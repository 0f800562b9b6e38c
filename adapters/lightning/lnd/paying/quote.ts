import { type AuthenticatedLnd, getChannels, getRouteToDestination } from 'lightning'
import type { InvoiceHop } from '../../../../gateway/ports/invoiceReader.ts'
import type { FailureReason } from '../../../../gateway/ports/outcome.ts'
import { lndCall } from '../node/lndCall.ts'
import { satsToMsat } from '../node/msat.ts'
import type { Payee } from './invoice.ts'
import { lockLimited } from './lockLimited.ts'

const QUOTE_DEADLINE_MS = 4_000
/** LND finds one route at a time: a payment that no single route carries is asked for in parts of equal size, up to so many. */
const PARTS = [1n, 2n, 4n, 8n, 16n] as const
/** QueryRoutes has a limit of its own unless one is named (100 %, above 1,000 sat 5 %); a quote should tell what a dearer route costs. */
const QUOTED_FEE_MAX_MSAT = 1_000_000_000n

/**
 * What sending would cost now, and nothing sent. `feeMsat` is undefined where no route is found; `successPpm` is LND's own estimate, a prior and no frequency.
 */
export type Quote = Readonly<{
  feeMsat: bigint | undefined
  successPpm: bigint
  blocks: bigint
  parts: bigint
  availableMsat: bigint
}>

/** Asks LND's router, without a probe. Throws `LndError`. */
export async function quotePayment(lnd: AuthenticatedLnd, payee: Payee, amountMsat: bigint): Promise<Quote> {
  const availableMsat = await outboundMsat(lnd)
  const nothing = { feeMsat: undefined, successPpm: 0n, blocks: 0n, parts: 1n, availableMsat }
  if (amountMsat > availableMsat) return nothing
  for (const parts of payee.kind === 'invoice' ? PARTS : PARTS.slice(0, 1)) {
    const route = await routeOf(lnd, payee, (amountMsat + parts - 1n) / parts)
    if (route) return { ...route, feeMsat: route.feeMsat * parts, parts, availableMsat }
  }
  return nothing
}

/** What can leave now, in msat: what our side of the channels that are up holds above its reserve. */
async function outboundMsat(lnd: AuthenticatedLnd): Promise<bigint> {
  const { channels } = await lndCall('the channels', QUOTE_DEADLINE_MS, () => getChannels({ lnd, is_active: true }))
  return channels.reduce(
    (sum, { local_balance, local_reserve }) => sum + positive(satsToMsat(local_balance) - satsToMsat(local_reserve)),
    0n,
  )
}

async function routeOf(lnd: AuthenticatedLnd, payee: Payee, amountMsat: bigint) {
  const search = {
    lnd: lockLimited(lnd, amountMsat),
    mtokens: amountMsat.toString(),
    max_fee_mtokens: QUOTED_FEE_MAX_MSAT.toString(),
    ...(payee.kind === 'node' ? { destination: payee.nodeId } : invoiceTerms(payee)),
  }
  const { route } = await lndCall('a quote', QUOTE_DEADLINE_MS, () => getRouteToDestination(search))
  if (!route) return undefined
  const [last] = route.hops.slice(-1)
  return {
    feeMsat: BigInt(route.fee_mtokens),
    successPpm: BigInt(route.confidence ?? 0),
    blocks: BigInt(route.timeout - (last?.timeout ?? route.timeout)),
  }
}

/** What a search for a route to an invoice needs beside the amount, in the client's words. */
function invoiceTerms({ invoice }: Extract<Payee, { kind: 'invoice' }>) {
  const { payeeNodeId, finalCltvBlocks, features, paymentSecret, routeHints } = invoice
  return {
    destination: payeeNodeId,
    cltv_delta: finalCltvBlocks,
    features: features.map((bit) => ({ bit })),
    payment: paymentSecret,
    ...(routeHints.length > 0 ? { routes: routeHints.map((hops) => hintInClientsWords(hops, payeeNodeId)) } : {}),
  }
}

/** The client names with each channel the node at its far end, and the first node alone before them. */
function hintInClientsWords(hops: readonly InvoiceHop[], payeeNodeId: string) {
  const nodes = [...hops.slice(1).map(({ nodeId }) => nodeId), payeeNodeId]
  const channels = hops.map(({ channel, feeBaseMsat, feePpm, cltvDelta }, i) => ({
    base_fee_mtokens: feeBaseMsat.toString(),
    channel,
    cltv_delta: cltvDelta,
    fee_rate: feePpm,
    public_key: nodes[i]!,
  }))
  return [{ public_key: hops[0]!.nodeId }, ...channels]
}

/** LND says "no route" for several causes; the route without a limit tells them apart. */
export async function explainNoRoute(
  lnd: AuthenticatedLnd,
  o: { payee: Payee; amountMsat: bigint; feeMaxMsat: bigint },
): Promise<Readonly<{ reason: FailureReason; detail: string }>> {
  const quote = await quotePayment(lnd, o.payee, o.amountMsat).catch(() => undefined)
  if (quote && o.amountMsat > quote.availableMsat)
    return { reason: 'insufficient_liquidity', detail: `${quote.availableMsat} msat can leave now` }
  if (quote?.feeMsat !== undefined && quote.feeMsat > o.feeMaxMsat)
    return { reason: 'fee_above_limit', detail: `the cheapest route costs ${quote.feeMsat} msat, the limit is ${o.feeMaxMsat} msat` }
  return { reason: 'no_route', detail: 'LND finds no route to the payee' }
}

function positive(amount: bigint): bigint {
  return amount > 0n ? amount : 0n
}
