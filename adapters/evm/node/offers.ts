import { getContractAddress } from 'viem'
import { receiverInitCodeHash } from '../../../contracts/abi/receiverInitCodeHash.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import { type Asset, sameAsset } from '../../../gateway/money/asset.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { evmRail } from '../../../gateway/ports/railName.ts'
import type { OfferRequest, OfferTerms, SignedBy } from '../../../gateway/ports/receiver.ts'
import { lower } from './contracts.ts'
import { hash32 } from './wire.ts'

type OfferParts = Readonly<{
  chainId: number
  token: Readonly<{ address: Hex; name: string; version: string; asset: Asset; signed?: readonly SignedBy[] }>
  hub: Hex
  /** True while the node answers. */
  alive: () => boolean
  /** Who collects maxima that are signed for a split, where somebody can. */
  facilitatorOf: (splitId: Hex) => Hex | undefined
  /** What a channel must name that pays here; undefined where none is offered. */
  channel: Readonly<{ authorizer: Hex; withdrawDelayS: number }> | undefined
  /** The split's receiver. From here on, durably, what comes to it is reported. */
  watch: (splitId: Hex) => Hex
}>

/** The address of a split's receiver (EIP-1014), whether it is deployed or not. */
export function receiverAddress(hub: Hex, splitId: Hex): Hex {
  return lower(getContractAddress({ opcode: 'CREATE2', from: hub, salt: splitId, bytecodeHash: receiverInitCodeHash }))
}

/** How a later settlement names an offer for this split and reference. */
export function offerReference(splitId: Hex, ref: Hex): string {
  return `${splitId}:${ref}`
}

/** Terms for one payment into a split. No I/O but the first watch of a split, which is durable before its address is told to anyone. */
export function makeOffer(parts: OfferParts, request: OfferRequest): OfferTerms {
  const { token, hub, chainId } = parts
  const rail = evmRail(chainId)
  invariant(sameAsset(request.amount.asset, token.asset), `an EVM offer is in ${token.asset.id}`)
  const splitId = hash32.safeParse(request.splitId)
  const ref = hash32.safeParse(request.ref)
  invariant(splitId.success && ref.success, 'an EVM offer names a split and a reference, 32 bytes each')
  if (!parts.alive())
    throw new GatewayError('rail_unavailable', `The node of chain ${chainId} has not answered for a while`, { meta: { rail } })
  const how = signing(parts, request, splitId.data)
  const payTo = parts.watch(splitId.data)
  return {
    rail,
    amount: request.amount,
    expiresAt: request.expiresAt,
    reference: offerReference(splitId.data, ref.data),
    wire: {
      kind: 'evm',
      chainId,
      token: token.address,
      tokenName: token.name,
      tokenVersion: token.version,
      hub,
      splitId: splitId.data,
      ref: ref.data,
      payTo,
      ...how,
    },
  }
}

/** How the payer is to sign, where that is not by EIP-3009 alone. */
function signing(
  { token, chainId, facilitatorOf, channel }: OfferParts,
  { upto }: OfferRequest,
  splitId: Hex,
): Readonly<{ signed?: readonly SignedBy[]; facilitator?: Hex; channel?: NonNullable<OfferParts['channel']> }> {
  const signed = token.signed ?? ['eip3009']
  // Deposits are by EIP-3009.
  if (!upto && channel && signed.includes('eip3009')) return { signed: [...signed, 'channel'], channel }
  if (!upto) return token.signed?.includes('permit2') ? { signed: token.signed } : {}
  const facilitator = facilitatorOf(splitId)
  if (facilitator) return { signed: ['upto'], facilitator }
  throw new GatewayError('rail_unavailable', `Chain ${chainId} has no contract that takes a part of what was signed (x402 upto)`, {
    meta: { rail: evmRail(chainId) },
  })
}
