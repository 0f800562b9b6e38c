import { GatewayError } from '../../errors/gatewayError.ts'
import type { Hex } from '../../ports/ids.ts'
import { evmRail } from '../../ports/railName.ts'
import { DEPOSIT_COLLECTOR, type X402ChannelConfig, type X402Deposit } from '../../ports/x402Channels.ts'
import type { EvmOffer } from '../challenge/challengeOffer.ts'
import { authorizationDigest } from './authorizationDigest.ts'
import { checkEnd, checkWindow, signatureRefusal } from './checkTransfer.ts'
import type { ChannelRefundAsked, Proof } from './proof.ts'
import type { Expected, VerifiedProof } from './verifiedProof.ts'
import { offerOfX402 } from './verifyTransfer.ts'
import { x402ChannelId, x402DepositNonce, x402VoucherDigest } from './x402ChannelDigest.ts'

/** What the contract counts in: 128 bits. */
const UNITS_MAX = 2n ** 128n - 1n

type VoucherProof = Extract<Proof, { scheme: 'x402-voucher' }>

/**
 * Verifies a payment by a channel of x402 (`batch-settlement`): the terms of the channel against those that were offered, then the signatures. What of the sum
 * is this request's, and whether the channel has it, is for the room of channels.
 */
export function verifyVoucher(proof: VoucherProof, expected: Expected): Extract<VerifiedProof, { kind: 'voucher' }> {
  const { voucher, deposit } = proof
  const { id, config, offer, price, resourceUrl } = verifySigned(proof, expected, (id, offer) => {
    if (deposit) checkDeposit(deposit, { id, config: proof.config, offer, now: expected.now })
  })
  const { chainId, splitId } = offer.wire
  return {
    kind: 'voucher',
    rail: evmRail(chainId),
    scheme: 'x402',
    claimKey: `evm:${chainId}:x402:${id}:${voucher.cumulative}`,
    amount: offer.amount,
    price,
    payer: config.payer,
    channel: { id, config, splitId },
    cumulative: voucher.cumulative,
    signature: voucher.signature,
    deposit,
    paymentId: proof.paymentId,
    resourceUrl,
  }
}

/** A payer's word that it wants back what is left of its channel. `cumulative`: what it has paid over the channel's life. */
export type VerifiedRefund = Pick<Extract<VerifiedProof, { kind: 'voucher' }>, 'rail' | 'channel' | 'cumulative' | 'payer'> &
  Readonly<{ units: bigint | undefined }>

/** Verifies that the payer of a channel of x402 asks for a refund, in the same way. */
export function verifyRefund(asked: ChannelRefundAsked, expected: Expected): VerifiedRefund {
  const { id, config, offer } = verifySigned(asked, expected, () => {})
  const { chainId, splitId } = offer.wire
  const channel = { id, config, splitId }
  return { rail: evmRail(chainId), channel, cumulative: asked.voucher.cumulative, payer: config.payer, units: asked.units }
}

type Signed = Pick<VoucherProof, 'url' | 'accepted' | 'config' | 'voucher'>

/** `more` is looked at before the quote, as in `offerOfX402`. */
function verifySigned(proof: Signed, expected: Expected, more: (id: Hex, offer: EvmOffer) => void) {
  const { config, voucher } = proof
  const { offer, price, resourceUrl, checkQuote } = offerOfX402(proof, 'channel', expected)
  const { chainId } = offer.wire
  checkConfig(config, offer)
  const id = x402ChannelId(chainId, config)
  if (voucher.channelId !== id) {
    throw new GatewayError('channel_not_accepted', `the voucher names the channel ${voucher.channelId}, and its terms are those of ${id}`)
  }
  if (voucher.cumulative > UNITS_MAX) throw new GatewayError('proof_wrong_amount', 'a voucher is over 2^128 - 1 units at most')
  const signed = { from: config.payerAuthorizer, signature: voucher.signature }
  const refusal = signatureRefusal(x402VoucherDigest(chainId, voucher), signed)
  if (refusal) throw refusal
  more(id, offer)
  checkQuote()
  return { id, config, offer, price, resourceUrl }
}

/** The terms that decide who can take money out of the channel, and when. */
function checkConfig(c: X402ChannelConfig, { wire }: EvmOffer): void {
  const { channel } = wire
  if (c.token !== wire.token.toLowerCase())
    throw new GatewayError('proof_wrong_token', `the channel is in ${c.token}, not in ${wire.token}`)
  if (c.receiver !== wire.payTo.toLowerCase())
    throw new GatewayError('proof_wrong_payee', `the channel pays ${c.receiver}, and not ${wire.payTo}`)
  if (c.receiverAuthorizer !== channel?.authorizer)
    throw new GatewayError('proof_wrong_spender', `the channel lets ${c.receiverAuthorizer} claim, and not ${channel?.authorizer}`)
  if (c.withdrawDelay !== channel.withdrawDelayS)
    throw new GatewayError(
      'channel_not_accepted',
      `its payer waits ${c.withdrawDelay} s for a withdrawal, and not ${channel.withdrawDelayS}`,
    )
  // Without one the contract asks the payer's account, which may get code between the voucher and its claim.
  if (/^0x0{40}$/.test(c.payerAuthorizer))
    throw new GatewayError('channel_not_accepted', 'the channel names no key that signs its vouchers (payerAuthorizer)')
}

function checkDeposit(
  { value, validAfter, validBefore, salt, signature }: X402Deposit,
  o: Readonly<{ id: Hex; config: X402ChannelConfig; offer: EvmOffer; now: number }>,
): void {
  if (value === 0n || value > UNITS_MAX) throw new GatewayError('proof_wrong_amount', 'a deposit is of 1 to 2^128 - 1 units')
  const nonce = x402DepositNonce(o.id, salt)
  const transfer = { from: o.config.payer, to: DEPOSIT_COLLECTOR, value, validAfter, validBefore, nonce, signature }
  checkWindow(transfer, o.now)
  checkEnd(transfer, o.now)
  const refusal = signatureRefusal(authorizationDigest(o.offer.wire, 'receive', transfer), transfer)
  if (refusal) throw refusal
}
