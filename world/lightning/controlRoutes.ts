import { randomUUID } from 'node:crypto'
import type { ChannelDetails } from 'lightningdevkit'
import { z } from 'zod'
import { channelIdOf, closeChannel } from '../../adapters/lightning/embedded/coins/closeChannel.ts'
import { channelBalance } from '../../adapters/lightning/embedded/coins/nodeBalance.ts'
import { readInvoice } from '../../adapters/lightning/embedded/invoice.ts'
import type { LightningNode } from '../../adapters/lightning/embedded/node/lightningNode.ts'
import { createInvoice } from '../../adapters/lightning/embedded/payments/offers.ts'
import type { Route } from './jsonServer.ts'
import { offerRoutes } from './offerRoutes.ts'
import { openInvoice } from './openInvoice.ts'
import { payAndWait } from './payAndWait.ts'
import { waitingPayments } from './waitingPayments.ts'
import { ANNOUNCE_DEPTH, askForForwards, openChannel, type WorldNodes } from './worldNodes.ts'

/** Longer than a payee that is killed meanwhile takes to come back on a busy machine. */
const PAY_DEADLINE_MS = 100_000
const PAY_DEADLINE_MS_MAX = 1_800_000
const INVOICE_LIFE_MS = 3_600_000
const FEE_MSAT_MAX = 1_000_000n

/** A whole number of units: decimal text as everywhere, or a JSON integer for a person at a terminal. */
const units = z.union([z.string().regex(/^\d{1,18}$/), z.int().nonnegative()]).transform(BigInt)
const payRequest = z.strictObject({
  invoice: z.string(),
  maxFeeMsat: units.optional(),
  // For a payment that somebody keeps waiting on purpose.
  deadlineMs: z.int().min(1_000).max(PAY_DEADLINE_MS_MAX).default(PAY_DEADLINE_MS),
})
const lifeMs = z.int().min(1_000).max(INVOICE_LIFE_MS).default(INVOICE_LIFE_MS)
const payee = z.enum(['customer', 'router']).default('customer')
const invoiceRequest = z.strictObject({ amountMsat: units.optional(), description: z.string().default(''), lifeMs, payee })
const nodeId = z.string().regex(/^0[23][0-9a-f]{64}$/)
const channelRequest = z.strictObject({
  nodeId,
  capacitySat: units,
  pushSat: units,
  depth: z.int().min(1).max(ANNOUNCE_DEPTH).default(ANNOUNCE_DEPTH),
})

const keysendRequest = z.strictObject({
  nodeId,
  amountMsat: units,
  records: z.array(z.strictObject({ type: z.string(), value: z.string() })),
})
const feesRequest = z.strictObject({ baseMsat: z.int().min(0).max(0xffff_ffff) })
const clockRequest = z.strictObject({ at: z.iso.datetime() })
const closeRequest = z.strictObject({ nodeId, force: z.boolean() })

/**
 * The control door: `POST /pay`, `/keysend`, `/invoice` and, for payments that wait, `/hold`, `/settle` and `/cancel` as the customer, `POST /channel` and
 * `/close` as the router, `GET /status`. `POST /fees` is what the router asks for each payment that it hands on to the customer. The router makes an invoice
 * too when it is named as the `payee`; one without `amountMsat` leaves it open. The router also makes and pays BOLT 12 offers: `/offer`, `/payOffer`. `POST
 * /clock` puts the time forward. Amounts are decimal text.
 */
export function controlRoutes(nodes: WorldNodes): Record<string, Route> {
  const { customer, router, chain } = nodes
  return {
    'POST /pay': async ({ body }) => {
      const { invoice, maxFeeMsat, deadlineMs } = payRequest.parse(JSON.parse(body))
      const read = readInvoice(invoice)
      if (typeof read === 'string') throw new Error(read)
      if (read.amountMsat === undefined) throw new Error('the invoice names no amount')
      const order = { payee: { kind: 'invoice', invoice }, amountMsat: read.amountMsat, feeMaxMsat: maxFeeMsat ?? FEE_MSAT_MAX } as const
      const row = await payAndWait(customer, { id: `customer ${randomUUID()}`, ...order }, deadlineMs)
      if (row.state !== 'settled') throw new Error(`the payment failed: ${row.reason} (${row.detail})`)
      return { preimage: row.preimage, feeMsat: String(row.feeMsat) }
    },
    'POST /keysend': async ({ body }) => {
      const { nodeId, amountMsat, records } = keysendRequest.parse(JSON.parse(body))
      const order = { payee: { kind: 'node', nodeId, records }, amountMsat, feeMaxMsat: FEE_MSAT_MAX } as const
      const row = await payAndWait(customer, { id: `customer ${randomUUID()}`, ...order }, PAY_DEADLINE_MS)
      if (row.state !== 'settled') throw new Error(`the payment failed: ${row.reason} (${row.detail})`)
      return { preimage: row.preimage }
    },
    'POST /invoice': ({ body }) => {
      const { amountMsat, description, lifeMs, payee } = invoiceRequest.parse(JSON.parse(body))
      const now = nodes.now()
      if (amountMsat === undefined) return openInvoice(nodes[payee].manager, description)
      return createInvoice(nodes[payee].manager, { amountMsat, description, expiresAt: now + lifeMs, now })
    },
    'POST /channel': async ({ body }) => {
      const { nodeId, capacitySat, pushSat, depth } = channelRequest.parse(JSON.parse(body))
      const fundedAt = await openChannel(nodes, { nodeId, capacitySats: capacitySat, pushMsat: pushSat * 1_000n, depth })
      return { usable: true, fundedAt }
    },
    'POST /close': async ({ body }) => {
      const { nodeId, force } = closeRequest.parse(JSON.parse(body))
      const [channel] = router.manager.list_channels_with_counterparty(Buffer.from(nodeId, 'hex'))
      if (!channel) throw new Error(`the router has no channel with ${nodeId}`)
      closeChannel(router, { channelId: channelIdOf(channel), force })
      await router.pump.committed()
      return { closing: channelIdOf(channel) }
    },
    'POST /fees': ({ body }) => {
      const { baseMsat } = feesRequest.parse(JSON.parse(body))
      askForForwards(nodes, baseMsat)
      return { baseMsat }
    },
    ...waitingPayments(customer),
    ...offerRoutes(router),
    'POST /clock': ({ body }) => {
      nodes.moveTo(Date.parse(clockRequest.parse(JSON.parse(body)).at))
      return { now: new Date(nodes.now()).toISOString() }
    },
    'GET /status': () => ({
      height: chain.tip().height,
      customer: { nodeId: customer.nodeId, ...balanceOf(customer) },
      router: { nodeId: router.nodeId, channels: router.manager.list_channels().length, ...balanceOf(router) },
      // Those that no commitment of either side has any more are not counted.
      htlcs: htlcCount(customer) + htlcCount(router),
      externalBytes: process.memoryUsage().external,
      cpuMs: processorMs(),
    }),
  }
}

function htlcCount({ manager }: LightningNode): number {
  const of = (channel: ChannelDetails) => channel.get_pending_inbound_htlcs().length + channel.get_pending_outbound_htlcs().length
  return manager.list_channels().reduce((sum, channel) => sum + of(channel), 0)
}

function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function balanceOf(node: WorldNodes['customer']): Record<string, string> {
  const balance = channelBalance(node.manager.list_channels(), node.store)
  return Object.fromEntries(Object.entries(balance).map(([name, msat]) => [name, String(msat)]))
}
