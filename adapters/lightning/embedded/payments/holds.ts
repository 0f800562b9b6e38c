import { createHash } from 'node:crypto'
import type { ChannelManager, Event_PaymentClaimable } from 'lightningdevkit'
import { Option_u32Z_Some } from 'lightningdevkit'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { HTLC_SLOTS } from '../ldk/nodeConfig.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { type HoldRow, heldRows, holdByHash, recordClaiming, recordHeld, recordHold, recordHoldEnd } from './holdTable.ts'
import { recordClaim } from './nodeEvents.ts'
import { createInvoice } from './offers.ts'

/**
 * How fast blocks are thought to come, in ms: twice bitcoin's average. A payment that must be able to wait so long needs so many blocks, and what is left
 * of them is reckoned at the same pace, so the deadline told is rather too early.
 */
export const BLOCK_MS = 300_000
/** What LDK itself wants between a payment's arrival and its expiry (`MIN_FINAL_CLTV_EXPIRY_DELTA`): it gives back 21 blocks before. */
const FINAL_CLTV_BLOCKS_MIN = 24
/** LDK as a payer accepts routes of up to 1,008 blocks; some are for the hops between. */
const HOLDABLE_BLOCKS_MAX = 864

export type NewHold = Readonly<{
  paymentHash: string
  amountMsat: bigint
  description: string
  /** In its place: of what the payee has said elsewhere (LUD-06). */
  descriptionHash?: string
  expiresAt: number
  holdableMs: number
}>

/** `msLeft` until LDK gives it back by itself. */
export type NodeHold = HoldRow & Readonly<{ msLeft: number }>

type HoldingNode = Readonly<{ manager: ChannelManager; store: NodeStore; now: () => number }>

/** Makes the invoice, or answers the one that stands. Durable only after the pump's next commit. */
export function createHold({ manager, store, now }: HoldingNode, wanted: NewHold): string {
  const known = holdByHash(store, wanted.paymentHash)
  if (known) {
    if (known.amountMsat === wanted.amountMsat && known.expiresAt === BigInt(wanted.expiresAt)) return known.invoice
    throw new GatewayError('idempotency_key_reused', 'A held invoice with this payment hash stands on other terms')
  }
  const blocks = Math.ceil(wanted.holdableMs / BLOCK_MS)
  if (blocks > HOLDABLE_BLOCKS_MAX)
    throw new GatewayError('invalid_request', `A payment can wait for ${HOLDABLE_BLOCKS_MAX} blocks at most, not for ${blocks}`)
  const hold = { paymentHash: wanted.paymentHash, finalCltvBlocks: FINAL_CLTV_BLOCKS_MIN + blocks }
  const { invoice } = createInvoice(manager, { ...wanted, now: now(), hold })
  const { paymentHash, amountMsat } = wanted
  recordHold(store, { paymentHash, amountMsat, expiresAt: BigInt(wanted.expiresAt), invoice })
  return invoice
}

/** True when the payment is one that we hold, now. A payment of a hold that has ended goes back at once. */
export function holdPayment({ store, now }: HoldingNode, event: Event_PaymentClaimable): boolean {
  const paymentHash = Buffer.from(event.payment_hash).toString('hex')
  const state = holdByHash(store, paymentHash)?.state
  // LDK may tell again after a restart what it told before.
  if (state === 'held' || state === 'claiming') return true
  if (state !== 'open') return false
  invariant(event.claim_deadline instanceof Option_u32Z_Some, 'LDK names the block by which a payment must be claimed')
  recordHeld(store, { paymentHash, heldMsat: event.amount_msat, heldAt: BigInt(now()), deadlineHeight: BigInt(event.claim_deadline.some) })
  return true
}

/** Gives the preimage to LDK, once, and answers what stands. LDK says `claimed` when the monitors have it. */
export function settleHold(node: HoldingNode, paymentHash: string, preimage: string): NodeHold | undefined {
  const { manager, store, now } = node
  const bytes = Buffer.from(preimage, 'hex')
  invariant(createHash('sha256').update(bytes).digest('hex') === paymentHash, 'the preimage opens the payment hash')
  const hold = holdByHash(store, paymentHash)
  if (hold?.state === 'held' && blocksLeft(node, hold) > 0n) {
    recordClaim(store, { paymentHash, amountMsat: hold.heldMsat, at: now() })
    recordClaiming(store, paymentHash, preimage)
    manager.claim_funds(bytes)
  }
  return holdState(node, paymentHash)
}

/** Gives the payment back, or lets nobody pay it any more. What was claimed stays claimed. */
export function cancelHold(node: HoldingNode, paymentHash: string): NodeHold | undefined {
  const { manager, store, now } = node
  const hold = holdByHash(store, paymentHash)
  if (hold?.state === 'held') manager.fail_htlc_backwards(Buffer.from(paymentHash, 'hex'))
  if (hold?.state === 'held' || hold?.state === 'open') recordHoldEnd(store, paymentHash, { state: 'cancelled', at: now() })
  return holdState(node, paymentHash)
}

/**
 * LDK has given an HTLC with this hash back. It is the payment that waits only when its block has come; before, it is a second payment of the same
 * invoice, which LDK refuses while the first one waits, and which anybody can make.
 */
export function htlcWasReturned(node: HoldingNode, paymentHash: string): void {
  const hold = holdByHash(node.store, paymentHash)
  if (hold?.state === 'held' && blocksLeft(node, hold) <= 0n) {
    recordHoldEnd(node.store, paymentHash, { state: 'cancelled', at: node.now() })
  }
}

export function holdState(node: HoldingNode, paymentHash: string): NodeHold | undefined {
  const hold = holdByHash(node.store, paymentHash)
  return hold && withTimeLeft(node, hold)
}

export function heldNow(node: HoldingNode): NodeHold[] {
  return heldRows(node.store, BigInt(HTLC_SLOTS)).map((hold) => withTimeLeft(node, hold))
}

function withTimeLeft(node: HoldingNode, hold: HoldRow): NodeHold {
  // Blocks, not money.
  return { ...hold, msLeft: Number(blocksLeft(node, hold)) * BLOCK_MS }
}

function blocksLeft({ manager }: HoldingNode, hold: HoldRow): bigint {
  return hold.deadlineHeight - BigInt(manager.current_best_block().get_height())
}
