import { concat, encodeAbiParameters, type Hex, hashTypedData, hexToBigInt, keccak256, numberToHex, pad, parseSignature, toHex } from 'viem'
import { privateKeyToAddress, sign } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { authorizationNonce } from '../../gateway/split/authorizationNonce.ts'

const YEAR_2100 = 4_102_444_800n
const DEPOSIT_TYPEHASH = keccak256(toHex('ChannelDeposit(bytes32 channelId,bytes32 salt)'))

const TYPES = {
  ReceiveWithAuthorization: fields('address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce'),
  TransferWithAuthorization: fields('address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce'),
  Voucher: fields('bytes32 channelId,uint128 cumulative'),
  Close: fields('bytes32 channelId,uint96 claimedMin'),
  ClaimTo: fields('bytes32 splitId,address token,address account,address to,uint256 paidMax,uint256 deadline'),
}

export type Signer = Readonly<{ key: Hex; address: Hex }>
export type Terms = Readonly<{ payer: Hex; salt: bigint; splitId: Hex; token: Hex; closer: Hex }>

/** The same account for the same name, on every run. */
export function signerNamed(name: string): Signer {
  const key = keccak256(toHex(name))
  return { key, address: privateKeyToAddress(key) }
}

/** 65 bytes over EIP-712 data of the token (`USD Coin`, 2) or the hub (`SettlementHub`, 1). */
async function signTyped(
  signer: Signer,
  domain: { name: 'USD Coin' | 'SettlementHub'; verifyingContract: Hex },
  primaryType: keyof typeof TYPES,
  message: Record<string, unknown>,
): Promise<Hex> {
  const version = domain.name === 'USD Coin' ? '2' : '1'
  const hash = hashTypedData({ domain: { ...domain, version, chainId: hardhat.id }, types: TYPES, primaryType, message })
  return sign({ hash, privateKey: signer.key, to: 'hex' })
}

/** What the hub's `pay` takes, signed for the token. */
export async function signedPayment(at: { token: Hex; hub: Hex }, payment: { payer: Signer; splitId: Hex; ref: Hex; value: bigint }) {
  const { payer, splitId, ref, value } = payment
  const nonce = authorizationNonce(splitId, ref)
  const terms = { from: payer.address, to: at.hub, value, validAfter: 0n, validBefore: YEAR_2100, nonce }
  const signature = await signTyped(payer, { name: 'USD Coin', verifyingContract: at.token }, 'ReceiveWithAuthorization', terms)
  return { splitId, ref, from: payer.address, value, validAfter: 0n, validBefore: YEAR_2100, signature }
}

/** The arguments of the token's `transferWithAuthorization` in its `bytes` form, signed as an x402 client signs them. */
export async function signedTransfer(token: Hex, transfer: { payer: Signer; to: Hex; value: bigint; nonce: Hex }) {
  const { payer, to, value, nonce } = transfer
  const message = { from: payer.address, to, value, validAfter: 0n, validBefore: YEAR_2100, nonce }
  const signature = await signTyped(payer, { name: 'USD Coin', verifyingContract: token }, 'TransferWithAuthorization', message)
  return [payer.address, to, value, 0n, YEAR_2100, nonce, signature] as const
}

/** The same in its (v, r, s) form, as x402's facilitator sends the signature of a key. */
export async function signedTransferByKey(token: Hex, transfer: { payer: Signer; to: Hex; value: bigint; nonce: Hex }) {
  const [from, to, value, validAfter, validBefore, nonce, signature] = await signedTransfer(token, transfer)
  const { r, s, v } = parseSignature(signature)
  if (v === undefined) throw new Error('a signature of 65 bytes ends with v')
  return [from, to, value, validAfter, validBefore, nonce, Number(v), r, s] as const
}

/** A channel's id: the payer's word of 32 bytes, and what all channels of one claim share. */
export function channelIdOf(terms: Terms): Hex {
  const common = keccak256(
    encodeAbiParameters([{ type: 'bytes32' }, { type: 'address' }, { type: 'address' }], [terms.splitId, terms.token, terms.closer]),
  )
  return keccak256(concat([terms.payer, numberToHex(terms.salt, { size: 12 }), common]))
}

/** A deposit by signature, as `openWithAuthorization` takes it. */
export async function signedDeposit(at: { token: Hex; hub: Hex }, deposit: { payer: Signer; channelId: Hex; salt: Hex; value: bigint }) {
  const { payer, channelId, salt, value } = deposit
  const words = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }] as const
  const nonce = keccak256(encodeAbiParameters(words, [DEPOSIT_TYPEHASH, channelId, salt]))
  const message = { from: payer.address, to: at.hub, value, validAfter: 0n, validBefore: YEAR_2100, nonce }
  const signature = await signTyped(payer, { name: 'USD Coin', verifyingContract: at.token }, 'ReceiveWithAuthorization', message)
  return { value, salt, validAfter: 0n, validBefore: YEAR_2100, signature }
}

export function signVoucher(hub: Hex, payer: Signer, voucher: { channelId: Hex; cumulative: bigint }): Promise<Hex> {
  return signTyped(payer, { name: 'SettlementHub', verifyingContract: hub }, 'Voucher', voucher)
}

export function signClose(hub: Hex, closer: Signer, close: { channelId: Hex; claimedMin: bigint }): Promise<Hex> {
  return signTyped(closer, { name: 'SettlementHub', verifyingContract: hub }, 'Close', close)
}

/** A payee's word that its share goes elsewhere, as `claimTo` takes it. */
export async function signedRedirect(hub: Hex, payee: Signer, redirect: { splitId: Hex; token: Hex; to: Hex; paidMax: bigint }) {
  const { to, paidMax } = redirect
  const message = { ...redirect, account: payee.address, deadline: YEAR_2100 }
  const signature = await signTyped(payee, { name: 'SettlementHub', verifyingContract: hub }, 'ClaimTo', message)
  return { to, paidMax, deadline: YEAR_2100, signature }
}

/** One row of `claimPacked`: payer 20, salt 12, cumulative 16, r 32, vs 32 (EIP-2098: v in the top bit of s). */
export async function voucherRow(hub: Hex, payer: Signer, voucher: { terms: Terms; cumulative: bigint }): Promise<Hex> {
  const { terms, cumulative } = voucher
  const signature = await signVoucher(hub, payer, { channelId: channelIdOf(terms), cumulative })
  const r: Hex = `0x${signature.slice(2, 66)}`
  const s = hexToBigInt(`0x${signature.slice(66, 130)}`)
  const yParity = hexToBigInt(`0x${signature.slice(130)}`) - 27n
  const vs = pad(numberToHex(s | (yParity << 255n)), { size: 32 })
  return concat([payer.address, numberToHex(terms.salt, { size: 12 }), numberToHex(cumulative, { size: 16 }), r, vs])
}

function fields(list: string): { name: string; type: string }[] {
  return list.split(',').map((field) => {
    const [type = '', name = ''] = field.split(' ')
    return { type, name }
  })
}
