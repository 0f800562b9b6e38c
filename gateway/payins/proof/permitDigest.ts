import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Hex } from '../../ports/ids.ts'
import { PERMIT2 } from '../../ports/permit2.ts'
import { hashText, number, typedDigest, word } from './eip712.ts'
import type { Permit, SignedTransfer } from './proof.ts'

/** Chains whose domain is kept; they come from our own offers, so the bound is never met in practice. */
const DOMAINS_MAX = 256
const domains = new Map<number, Uint8Array>()

const DOMAIN_TYPE = hashText('EIP712Domain(string name,uint256 chainId,address verifyingContract)')
const NAME = hashText('Permit2')
const TOKEN_TYPE = 'TokenPermissions(address token,uint256 amount)'
const PERMISSIONS = hashText(TOKEN_TYPE)
const PERMIT_FIELDS = 'TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Witness witness'
const TYPES = {
  permit2: typesOf('Witness(address to,uint256 validAfter)'),
  upto: typesOf('Witness(address to,address facilitator,uint256 validAfter)'),
} as const

/**
 * The 32 bytes that the payer signs: EIP-712 over Permit2's `PermitWitnessTransferFrom` with the witness of x402's proxy (x402 `scheme_exact_evm` and
 * `scheme_upto_evm`). Permit2's domain has no version.
 */
export function permitDigest(chainId: number, permit: Permit, t: Omit<SignedTransfer, 'signature'>): Uint8Array {
  const types = permit.facilitator === undefined ? TYPES.permit2 : TYPES.upto
  const facilitator = permit.facilitator === undefined ? [] : [word(permit.facilitator)]
  const witness = keccak_256(Buffer.concat([types.witness, word(t.to), ...facilitator, number(t.validAfter)]))
  const permitted = keccak_256(Buffer.concat([PERMISSIONS, word(permit.token), number(t.value)]))
  const message = Buffer.concat([types.permit, permitted, word(permit.spender), word(t.nonce), number(t.validBefore), witness])
  return typedDigest(separatorOf(chainId), keccak_256(message))
}

/** The types that a message names stand behind it in the order of their names. */
function typesOf(witness: string): Readonly<{ permit: Uint8Array; witness: Uint8Array }> {
  return { permit: hashText(`PermitWitnessTransferFrom(${PERMIT_FIELDS})${TOKEN_TYPE}${witness}`), witness: hashText(witness) }
}

function separatorOf(chainId: number): Uint8Array {
  const known = domains.get(chainId)
  if (known) return known
  const separator = keccak_256(Buffer.concat([DOMAIN_TYPE, NAME, number(BigInt(chainId)), word(PERMIT2)]))
  if (domains.size >= DOMAINS_MAX) domains.clear()
  domains.set(chainId, separator)
  return separator
}

/** Permit2's number of a nonce as 32 bytes. */
export function nonceBytes(nonce: bigint): Hex {
  return `0x${nonce.toString(16).padStart(64, '0')}`
}
