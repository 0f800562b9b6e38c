import {
  RecentPaymentDetails_Abandoned,
  RecentPaymentDetails_AwaitingInvoice,
  RecentPaymentDetails_Fulfilled,
  RecentPaymentDetails_Pending,
} from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { channelIdOf, closeChannel } from '../coins/closeChannel.ts'
import { unresolvedClosings } from '../coins/closings.ts'
import { nodeHoldings } from '../coins/nodeHoldings.ts'
import { planWithdrawal } from '../coins/planWithdrawal.ts'
import { spendableCoins } from '../coins/walletCoins.ts'
import { beginWithdrawal, withdrawalState } from '../coins/withdrawals.ts'
import type { LightningNode } from '../node/lightningNode.ts'
import { nodeReport } from '../node/nodeReport.ts'
import { type AttemptRow, attemptById, pendingCount } from '../payments/attempts.ts'
import { dustRefusal } from '../payments/dustExposure.ts'
import { cancelHold, createHold, heldNow, holdState, settleHold } from '../payments/holds.ts'
import { eventsAfter, type NodeEvent } from '../payments/nodeEvents.ts'
import { createInvoice } from '../payments/offers.ts'
import { beginPayment } from '../payments/payments.ts'
import type { Payee } from '../payments/paymentTerms.ts'
import { quotePayment } from '../payments/quotePayment.ts'
import { reusableOffer } from '../payments/reusableOffer.ts'
import type { CallName, NodeCalls, NodeQuote, NodeStatus } from './nodeCalls.ts'

/** No route is told as surer. What payments have met is learned by the gateway, by whose they were: here one payer would speak for all. */
const CHANCE_PPM_MAX = 990_000n
const STREAMED: readonly NodeEvent['kind'][] = ['received', 'moved', 'spent', 'funded']

type CallTable = { [N in CallName]: (params: NodeCalls[N]['params']) => Promise<NodeCalls[N]['value']> }

/** The worker's side of every call. What an answer says is durable before it is given. */
export function callTable(node: LightningNode): CallTable {
  const { store, manager } = node
  const ended = endings(node)
  const durable = async <T>(read: () => T): Promise<T> => {
    if (store.dirty()) await node.pump.committed()
    return read()
  }
  return {
    createInvoice: async (wanted) => createInvoice(manager, { ...wanted, now: node.now() }),
    quote: async (query) => quoteOf(node, query),
    reusableOffer: async ({ name }) => {
      const offer = reusableOffer(node, name, node.now())
      await node.pump.committed()
      return offer
    },
    probe: async (wanted) => {
      const sent = node.probes.send(node, wanted)
      await node.pump.committed()
      return sent
    },
    send: async (order) => {
      const begun = beginPayment(node, order)
      const ending = begun.state === 'pending' ? ended(order.id) : undefined
      await node.pump.committed()
      return ending ?? begun
    },
    lookup: ({ id }) =>
      durable(() => {
        const attempt = attemptById(store, id)
        return { attempt, carried: attempt !== undefined && carriedPayments(node).has(attempt.paymentId) }
      }),
    events: ({ after, limit }) => durable(() => eventsAfter(store, STREAMED, after, limit)),
    createHold: async (wanted) => {
      const invoice = createHold(node, wanted)
      await node.pump.committed()
      return invoice
    },
    settleHold: async ({ paymentHash, preimage }) => {
      settleHold(node, paymentHash, preimage)
      await node.pump.committed()
      return holdState(node, paymentHash)
    },
    cancelHold: async ({ paymentHash }) => {
      cancelHold(node, paymentHash)
      await node.pump.committed()
      return holdState(node, paymentHash)
    },
    lookupHold: ({ paymentHash }) => durable(() => holdState(node, paymentHash)),
    heldNow: () => durable(() => heldNow(node)),
    balance: () => durable(() => nodeHoldings(node)),
    planWithdrawal: (terms) => durable(() => planWithdrawal(spendableCoins(store), node.parts.wallet.script, terms)),
    withdraw: async ({ id, order }) => {
      const refused = beginWithdrawal(node, id, order)
      await node.pump.committed()
      const state = refused ?? withdrawalState(store, id, manager.current_best_block().get_height())
      invariant(state, 'a withdrawal that was begun is written down')
      return state
    },
    closeChannel: async (wanted) => {
      closeChannel(node, wanted)
      await node.pump.committed()
      return undefined
    },
    status: () => durable(() => statusOf(node)),
    report: () => durable(() => nodeReport(node, carriedPayments(node))),
  }
}

function quoteOf(node: LightningNode, query: { payee: Payee; amountMsat: bigint }): NodeQuote {
  const quote = quotePayment(node, query)
  node.probes.sendIfDue(node, query, quote.route)
  node.pump.schedule()
  const expected = quote.route?.routePpm ?? 0n
  const refusal = dustRefusal(node.store, query.amountMsat, node.dustExposureMsatMax)
  return { ...quote, refusal, successPpm: expected < CHANCE_PPM_MAX ? expected : CHANCE_PPM_MAX }
}

/** Promises for the ends of attempts; as many as payments may be in flight. */
function endings(node: LightningNode): (id: string) => Promise<AttemptRow> {
  const waiting = new Map<string, ((row: AttemptRow) => void)[]>()
  node.onNews(({ ended }) => {
    for (const id of ended) {
      const row = attemptById(node.store, id)
      const resolvers = waiting.get(id)
      if (!row || !resolvers) continue
      waiting.delete(id)
      for (const resolve of resolvers) resolve(row)
    }
  })
  return (id) =>
    new Promise((resolve) => {
      waiting.set(id, [...(waiting.get(id) ?? []), resolve])
    })
}

function carriedPayments({ manager }: LightningNode): Set<string> {
  const ids = manager.list_recent_payments().map((payment) => {
    const known =
      payment instanceof RecentPaymentDetails_AwaitingInvoice ||
      payment instanceof RecentPaymentDetails_Pending ||
      payment instanceof RecentPaymentDetails_Fulfilled ||
      payment instanceof RecentPaymentDetails_Abandoned
    return known ? Buffer.from(payment.payment_id).toString('hex') : ''
  })
  return new Set(ids)
}

function statusOf({ nodeId, manager, peers, parts, store, probes }: LightningNode): NodeStatus {
  const { user, system } = process.cpuUsage()
  const closed = store.statement('SELECT count(*) AS n FROM closed_channels').get()?.n
  return {
    nodeId,
    pid: process.pid,
    height: manager.current_best_block().get_height(),
    peers: peers.list_peers().length,
    channels: manager.list_channels().map((channel) => ({
      id: channelIdOf(channel),
      // LDK's bindings answer booleans as 0 and 1.
      usable: !!channel.get_is_usable(),
      weFunded: !!channel.get_is_outbound(),
      announced: !!channel.get_is_announced(),
    })),
    closed: typeof closed === 'bigint' ? closed : 0n,
    walletAddress: parts.wallet.address,
    closings: unresolvedClosings(store),
    pendingPayments: pendingCount(store),
    probes: probes.count(),
    externalBytes: process.memoryUsage().external,
    cpuMs: (user + system) / 1000,
  }
}
