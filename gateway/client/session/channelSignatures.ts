import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Hex } from '../../ports/ids.ts'
import { toHex } from '../offers/bytes.ts'
import { TRANSFER_FIELDS } from '../signer/transferTypedData.ts'
import type { SessionOffer } from './sessionOffer.ts'

type TypedData = Readonly<{
  domain: { name: string; version: string; chainId: number; verifyingContract: Hex }
  types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>
  primaryType: string
  message: Readonly<Record<string, unknown>>
}>

/** An account of viem, or anything that signs EIP-712 as one. */
export type SessionSigner = Readonly<{ address: Hex; signTypedData(data: never): Promise<Hex> }>

const DEPOSIT_TYPE = keccak_256(utf8ToBytes('ChannelDeposit(bytes32 channelId,bytes32 salt)'))
const VOUCHER = [
  { name: 'channelId', type: 'bytes32' },
  { name: 'cumulative', type: 'uint128' },
]

/** The channel of this payer, offer and salt of 96 bits, as docs/vouchers.md makes it. */
export function channelOf(offer: Pick<SessionOffer, 'splitId' | 'token' | 'closer'>, payer: Hex, salt: Hex): Hex {
  const rest = keccak_256(concatBytes(word(offer.splitId), word(offer.token.address), word(offer.closer)))
  return toHex(keccak_256(concatBytes(hexToBytes(payer.slice(2).toLowerCase()), word(salt).slice(20), rest)))
}

/** Signs a voucher over `cumulative` units of this channel in all. */
export function signVoucher(signer: SessionSigner, offer: SessionOffer, channelId: Hex, cumulative: bigint): Promise<Hex> {
  const domain = { name: 'SettlementHub', version: '1', chainId: offer.chainId, verifyingContract: offer.hub }
  return sign(signer, { domain, types: { Voucher: VOUCHER }, primaryType: 'Voucher', message: { channelId, cumulative } })
}

/** Signs a deposit into this channel, good until `validBefore` (seconds), as a credential of the Payment scheme carries it. */
export async function signDeposit(
  signer: SessionSigner,
  { chainId, hub, token }: SessionOffer,
  o: Readonly<{ channelId: Hex; salt: Hex; value: bigint; validBefore: bigint }>,
) {
  const { channelId, salt, value, validBefore } = o
  const nonce = toHex(keccak_256(concatBytes(DEPOSIT_TYPE, word(channelId), word(salt))))
  const message = { from: signer.address, to: hub, value, validAfter: 0n, validBefore, nonce }
  const domain = { name: token.name, version: token.version, chainId, verifyingContract: token.address }
  const types = { ReceiveWithAuthorization: TRANSFER_FIELDS }
  const signature = await sign(signer, { domain, types, primaryType: 'ReceiveWithAuthorization', message })
  const authorization = { from: signer.address, to: hub, value: `${value}`, validAfter: '0', validBefore: `${validBefore}`, nonce }
  return { type: 'authorization', authorization, signature, salt }
}

/** Signers of wallets know their own types only; what is signed here is one of the two above. */
function sign(signer: SessionSigner, typed: TypedData): Promise<Hex> {
  return signer.signTypedData(typed as never)
}

function word(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2).toLowerCase().padStart(64, '0'))
}
