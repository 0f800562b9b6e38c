import { createHash } from 'node:crypto'
import {
  type ChannelManager,
  type Event,
  Event_ChannelClosed,
  Event_ChannelReady,
  Event_FundingGenerationReady,
  Event_HTLCHandlingFailed,
  Event_PaymentClaimable,
  Event_PaymentClaimed,
  Event_PaymentFailed,
  Event_PaymentSent,
  Event_PendingHTLCsForwardable,
  Event_SpendableOutputs,
  HTLCDestination_FailedPayment,
  Option_PaymentFailureReasonZ_Some,
  Option_ThirtyTwoBytesZ_Some,
  Option_u64Z_Some,
  type PaymentPurpose,
  PaymentPurpose_Bolt12OfferPayment,
  PaymentPurpose_SpontaneousPayment,
} from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { mustBeKnown } from '../../tlvRecords.ts'
import { recordClosed, recordOpened } from '../coins/closings.ts'
import { channelValueMsat } from '../coins/nodeBalance.ts'
import { keepOutputs } from '../coins/sweeps.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { attemptByPaymentId, recordFailed, recordSettled } from '../payments/attempts.ts'
import { reasonOfFailure } from '../payments/failureReason.ts'
import { holdPayment, htlcWasReturned } from '../payments/holds.ts'
import { holdByHash, recordHoldEnd } from '../payments/holdTable.ts'
import { isClaimed, recordClaim, recordEvent } from '../payments/nodeEvents.ts'
import { recordsOf } from '../payments/onionRecords.ts'
import { offerReference } from '../payments/reusableOffer.ts'

/** Builds and signs a transaction that pays `sats` to `script`. Only a node that opens channels has one. */
export type Funder = (script: Uint8Array, sats: bigint) => Uint8Array

/** What the handler tells about after the commit: money that came, attempts that ended, channels that changed. */
export type NodeNews = { received: boolean; ended: string[]; channelReady: boolean; closed: string[] }

export type EventContext = Readonly<{
  manager: ChannelManager
  store: NodeStore
  news: NodeNews
  now: () => number
  fund: Funder | undefined
}>

/** What the node does about each event of LDK. Everything it writes lands in the commit that also removes the event from LDK's queue. */
export function handleEvent(event: Event, node: EventContext): void {
  if (event instanceof Event_PendingHTLCsForwardable) node.manager.process_pending_htlc_forwards()
  else if (event instanceof Event_PaymentClaimable) claim(event, node)
  else if (event instanceof Event_PaymentClaimed) claimed(event, node)
  else if (event instanceof Event_HTLCHandlingFailed) returned(event, node)
  else if (event instanceof Event_PaymentSent) sent(event, node)
  else if (event instanceof Event_PaymentFailed) failed(event, node)
  else if (event instanceof Event_FundingGenerationReady) fundChannel(event, node)
  else if (event instanceof Event_ChannelReady) ready(event, node)
  else if (event instanceof Event_ChannelClosed) closed(event, node)
  else if (event instanceof Event_SpendableOutputs) keepOutputs(node.store, hex(event.channel_id.write()), event.outputs, node.now())
}

/** LDK has checked the payment secret, and through it amount and expiry. A hash is claimed once: a second payment goes back to its payer. */
function claim(event: Event_PaymentClaimable, node: EventContext): void {
  const { manager, store, now, news } = node
  const paymentHash = hex(event.payment_hash)
  const preimage = preimageOf(event.purpose)
  if (preimage === undefined && holdPayment(node, event)) {
    news.received = true
    return
  }
  if (preimage === undefined || isClaimed(store, paymentHash)) {
    manager.fail_htlc_backwards(event.payment_hash)
    return
  }
  const records = recordsOf(event.onion_fields)
  // We know none of them; LDK would give the payment back by itself, and say nothing.
  if (records.some(mustBeKnown)) {
    manager.fail_htlc_backwards(event.payment_hash)
    return
  }
  const { purpose } = event
  const reference =
    purpose instanceof PaymentPurpose_Bolt12OfferPayment ? offerReference(purpose.payment_context.get_offer_id().get_a()) : undefined
  recordClaim(store, { paymentHash, amountMsat: event.amount_msat, records, reference, at: now() })
  manager.claim_funds(preimage)
}

function claimed(event: Event_PaymentClaimed, { store, news, now }: EventContext): void {
  const paymentHash = hex(event.payment_hash)
  const held = holdByHash(store, paymentHash)?.preimage
  const preimage = preimageOf(event.purpose) ?? (held === undefined ? undefined : Buffer.from(held, 'hex'))
  invariant(preimage !== undefined, 'a claimed payment has a preimage')
  invariant(createHash('sha256').update(preimage).digest('hex') === paymentHash, 'the preimage opens the payment hash')
  recordEvent(store, { kind: 'received', paymentHash, amountMsat: event.amount_msat, feeMsat: 0n, preimage: hex(preimage), at: now() })
  recordHoldEnd(store, paymentHash, { state: 'settled', at: now() })
  news.received = true
}

/** An HTLC to us was given back. */
function returned(event: Event_HTLCHandlingFailed, node: EventContext): void {
  const { failed_next_destination: destination } = event
  if (destination instanceof HTLCDestination_FailedPayment) htlcWasReturned(node, hex(destination.payment_hash))
}

function sent(event: Event_PaymentSent, { store, news, now }: EventContext): void {
  invariant(event.payment_id instanceof Option_ThirtyTwoBytesZ_Some, 'a sent payment has our id')
  const attempt = attemptByPaymentId(store, hex(event.payment_id.some))
  invariant(attempt, 'a sent payment has an attempt')
  const paymentHash = hex(event.payment_hash)
  const preimage = hex(event.payment_preimage)
  const feeMsat = event.fee_paid_msat instanceof Option_u64Z_Some ? event.fee_paid_msat.some : 0n
  recordSettled(store, attempt.paymentId, { paymentHash, preimage, feeMsat, at: now() })
  recordEvent(store, { kind: 'sent', paymentHash, amountMsat: attempt.amountMsat, feeMsat, preimage, at: now() })
  news.ended.push(attempt.id)
}

function failed(event: Event_PaymentFailed, { store, news, now }: EventContext): void {
  const attempt = attemptByPaymentId(store, hex(event.payment_id))
  invariant(attempt, 'a failed payment has an attempt')
  const said = event.reason instanceof Option_PaymentFailureReasonZ_Some ? event.reason.some : undefined
  recordFailed(store, attempt.paymentId, { reason: reasonOfFailure(said), detail: 'the node gave the payment up', at: now() })
  news.ended.push(attempt.id)
}

function fundChannel(event: Event_FundingGenerationReady, { manager, fund }: EventContext): void {
  if (!fund) {
    manager.force_close_without_broadcasting_txn(event.temporary_channel_id, event.counterparty_node_id, 'no wallet')
    return
  }
  const tx = fund(event.output_script, event.channel_value_satoshis)
  const accepted = manager.funding_transaction_generated(event.temporary_channel_id, event.counterparty_node_id, tx)
  invariant(accepted.is_ok(), 'LDK accepts the funding transaction it asked for')
}

function ready(event: Event_ChannelReady, { manager, store, news, now }: EventContext): void {
  const id = hex(event.channel_id.write())
  const channel = manager.list_channels().find((listed) => hex(listed.get_channel_id().write()) === id)
  // A channel that was closed at once holds nothing that the books began with.
  if (channel) recordOpened(store, id, channelValueMsat(channel), now())
  news.channelReady = true
  news.received = true
}

function closed(event: Event_ChannelClosed, { store, news, now }: EventContext): void {
  const reason = event.reason.constructor.name.replace('ClosureReason_', '')
  recordClosed(store, hex(event.channel_id.write()), reason, now())
  news.closed.push(reason)
}

function preimageOf(purpose: PaymentPurpose): Uint8Array | undefined {
  if (purpose instanceof PaymentPurpose_SpontaneousPayment) return purpose.spontaneous_payment
  const known = purpose.preimage()
  return known instanceof Option_ThirtyTwoBytesZ_Some ? known.some : undefined
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
