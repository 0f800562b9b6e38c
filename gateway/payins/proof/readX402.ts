import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { fromBase64Json } from '../challenge/base64Json.ts'
import { PAYMENT_IDENTIFIER } from '../challenge/paymentIdentifier.ts'
import { attempt, fields, malformed, type ZodIssues } from './malformed.ts'
import { nonceBytes } from './permitDigest.ts'
import type { ChannelRefundAsked, Proof } from './proof.ts'
import { x402Batch, x402Envelope, x402Payment, x402Permit, x402Upto } from './wire.ts'

type X402Proof = Extract<Proof, { scheme: 'x402' }>

/** The kinds of payment that x402 has on a chain and that are taken here. */
const SPOKEN: Readonly<Record<string, readonly string[]>> = {
  exact: ['eip3009', 'permit2'],
  upto: ['permit2'],
  'batch-settlement': ['eip3009'],
}

/** Reads the value of PAYMENT-SIGNATURE. */
export function readX402(text: string): Proof | ChannelRefundAsked {
  const json = attempt(() => fromBase64Json(text.trim()), 'PAYMENT-SIGNATURE is not base64 of JSON')
  const kind = kindOf(json)
  if (kind === 'channel') return voucherProof(json)
  if (kind === 'upto') return permitProof(json, x402Upto.safeParse(json))
  if (kind === 'permit2') return permitProof(json, x402Permit.safeParse(json))
  const payment = x402Payment.safeParse(json)
  if (!payment.success) throw x402Refusal(json, payment.error)
  const { resource, payload, accepted: a, extensions } = payment.data
  return {
    scheme: 'x402',
    url: resource?.url,
    accepted: { chainId: a.network, asset: a.asset, payTo: a.payTo, amount: a.amount, quote: a.extra?.quote },
    transfer: { ...payload.authorization, signature: payload.signature },
    paymentId: idIn(extensions),
  }
}

/** What it says to be: a payload of Permit2 has another name. */
function kindOf(json: unknown): 'eip3009' | 'permit2' | 'upto' | 'channel' {
  const { accepted, payload } = (typeof json === 'object' && json !== null ? json : {}) as { accepted?: unknown; payload?: unknown } // Looked at here.
  const said = typeof accepted === 'object' && accepted !== null && 'scheme' in accepted ? accepted.scheme : undefined
  if (said === 'batch-settlement') return 'channel'
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, 'permit2Authorization')) return 'eip3009'
  return said === 'upto' ? 'upto' : 'permit2'
}

type Parsed = z.ZodSafeParseResult<z.infer<typeof x402Permit> | z.infer<typeof x402Upto>>

function permitProof(json: unknown, parsed: Parsed): X402Proof {
  if (!parsed.success) throw x402Refusal(json, parsed.error)
  const { resource, payload, accepted: a, extensions } = parsed.data
  const { from, permitted, spender, nonce, deadline, witness } = payload.permit2Authorization
  return {
    scheme: 'x402',
    url: resource?.url,
    accepted: { chainId: a.network, asset: a.asset, payTo: a.payTo, amount: a.amount, quote: a.extra?.quote },
    transfer: {
      from,
      to: witness.to,
      value: permitted.amount,
      validAfter: witness.validAfter,
      validBefore: deadline,
      nonce: nonceBytes(nonce),
      signature: payload.signature,
    },
    permit: { token: permitted.token, spender, facilitator: 'facilitator' in witness ? witness.facilitator : undefined },
    paymentId: idIn(extensions),
  }
}

function voucherProof(json: unknown): Proof | ChannelRefundAsked {
  const parsed = x402Batch.safeParse(json)
  if (!parsed.success) throw x402Refusal(json, parsed.error)
  const { resource, payload, accepted: a, extensions } = parsed.data
  const { channelConfig: config, voucher } = payload
  const common = {
    url: resource?.url,
    accepted: { chainId: a.network, asset: a.asset, payTo: a.payTo, amount: a.amount, quote: a.extra?.quote },
    config,
    voucher: { channelId: voucher.channelId, cumulative: voucher.maxClaimableAmount, signature: voucher.signature },
    paymentId: idIn(extensions),
  }
  if (payload.type === 'refund') return { ...common, scheme: 'x402-refund', units: payload.amount }
  const deposit =
    payload.type === 'deposit' ? { value: payload.deposit.amount, ...payload.deposit.authorization.erc3009Authorization } : undefined
  return { ...common, scheme: 'x402-voucher', deposit }
}

function idIn(extensions: z.infer<typeof x402Payment>['extensions']): string | undefined {
  return extensions?.[PAYMENT_IDENTIFIER]?.info.id ?? undefined
}

/** Why this is no payment that we take: another kind of x402 is told from one that is written wrongly. */
function x402Refusal(json: unknown, error: ZodIssues): GatewayError {
  const envelope = x402Envelope.safeParse(json)
  if (!envelope.success) return malformed(`PAYMENT-SIGNATURE is not an x402 payment: ${fields(envelope.error)}`)
  const { x402Version, accepted } = envelope.data
  if (x402Version !== 2) return new GatewayError('proof_unsupported', `x402 version ${x402Version} is not spoken here, version 2 is`)
  const methods = Object.hasOwn(SPOKEN, accepted.scheme) ? SPOKEN[accepted.scheme]! : []
  const method = accepted.extra?.assetTransferMethod ?? methods[0] ?? 'eip3009'
  if (!methods.includes(method) || !accepted.network.startsWith('eip155:')) {
    const kind = `${accepted.scheme.slice(0, 40)} on ${accepted.network.slice(0, 40)} by ${method.slice(0, 40)}`
    return new GatewayError(
      'proof_unsupported',
      `x402 ${kind} is not accepted, exact (eip3009, permit2), upto (permit2) and batch-settlement (eip3009) on an EVM chain are`,
    )
  }
  return malformed(`PAYMENT-SIGNATURE has wrong fields: ${fields(error)}`)
}
