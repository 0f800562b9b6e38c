import { NodeId, Option_f64Z_Some, type Path, Result_RouteLightningErrorZ_OK, type Route } from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { NodeParts } from '../ldk/nodeParts.ts'
import type { Payee } from './paymentTerms.ts'
import { type PayingNode, type PaymentOrder, termsOf } from './paymentTerms.ts'
import { offeredBy } from './payOffer.ts'

const PPM = 1_000_000n
/** For a channel that the graph does not know, such as one that only the payee's invoice names: the payee vouches for it. */
const UNKNOWN_CHANNEL_PPM = 900_000n

/** A route as it would be taken now: its fee, its longest path in hops and blocks of lock time, and the odds that LDK gives it, in millionths. */
export type RouteQuote = Readonly<{ feeMsat: bigint; hops: number; cltvBlocks: number; routePpm: bigint }>

/** `route`: undefined when there is none. `availableMsat` can leave now: reserves, HTLCs under way and the channels' own limits are taken off. */
export type PaymentQuote = Readonly<{ route: RouteQuote | undefined; availableMsat: bigint }>

/** Looks for a route without a fee limit, and sends nothing. The payee's invoice must be readable. */
export function quotePayment(node: PayingNode, order: Pick<PaymentOrder, 'payee' | 'amountMsat'>): PaymentQuote {
  const { manager, parts } = node
  const channels = manager.list_usable_channels()
  const availableMsat = channels.reduce((sum, channel) => sum + channel.get_next_outbound_htlc_limit_msat(), 0n)
  const payee = quotable(order.payee)
  if (!payee) return { route: undefined, availableMsat }
  const { route } = termsOf(node, { payee, amountMsat: order.amountMsat, feeMaxMsat: undefined })
  const found = parts.router.find_route(manager.get_our_node_id(), route, channels, manager.compute_inflight_htlcs())
  return { route: found instanceof Result_RouteLightningErrorZ_OK ? quoteOf(found.res, parts) : undefined, availableMsat }
}

/** An offer is priced by the node at which the way to its payee begins. */
function quotable(payee: Payee): Exclude<Payee, { kind: 'offer' }> | undefined {
  if (payee.kind !== 'offer') return payee
  const nodeId = offeredBy(payee.offer)
  return nodeId === undefined ? undefined : { kind: 'node', nodeId }
}

function quoteOf(route: Route, parts: NodeParts): RouteQuote {
  const paths = route.get_paths()
  const blocks = (path: Path) => path.get_hops().reduce((sum, hop) => sum + hop.get_cltv_expiry_delta(), 0)
  return {
    feeMsat: route.get_total_fees(),
    hops: Math.max(...paths.map((path) => path.get_hops().length)),
    cltvBlocks: Math.max(...paths.map(blocks)),
    routePpm: paths.reduce((ppm, path) => (ppm * pathPpm(path, parts)) / PPM, PPM),
  }
}

/** The odds of every channel but the first, which is our own, one after the other. */
function pathPpm(path: Path, { scorer, scoreParameters }: NodeParts): bigint {
  const hops = path.get_hops()
  // A hop's fee is what its node keeps for the next channel; the last hop's is the amount. What a channel carries is the sum from its hop on.
  const fees = hops.map((hop) => hop.get_fee_msat())
  return hops.slice(1).reduce((ppm, hop, i) => {
    const carried = fees.slice(i + 1).reduce((sum, fee) => sum + fee, 0n)
    const target = NodeId.constructor_from_pubkey(hop.get_pubkey())
    const odds = scorer.live_estimated_payment_success_probability(hop.get_short_channel_id(), target, carried, scoreParameters)
    return (ppm * (odds instanceof Option_f64Z_Some ? ppmOf(odds.some) : UNKNOWN_CHANNEL_PPM)) / PPM
  }, PPM)
}

function ppmOf(odds: number): bigint {
  invariant(odds >= 0 && odds <= 1, 'a probability is between 0 and 1')
  return BigInt(Math.trunc(odds * 1_000_000))
}
