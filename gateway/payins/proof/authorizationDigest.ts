import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Hex } from '../../ports/ids.ts'
import { hashText, number, numberHex, typedDigest, word, wordHex } from './eip712.ts'
import type { SignedTransfer } from './proof.ts'

/** The EIP-712 domain of a token. */
export type TokenDomain = Readonly<{ chainId: number; token: Hex; tokenName: string; tokenVersion: string }>

/** Tokens whose domain is kept; they come from our own offers, so the bound is never met in practice. */
const DOMAINS_MAX = 256
const domains = new Map<string, Uint8Array>()

const DOMAIN_TYPE = hashText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')
const FIELDS = '(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)'
/** Which message of EIP-3009: to any address, or to a contract that takes it itself. */
export type AuthorizationKind = 'transfer' | 'receive'

const TYPES = { transfer: hashText(`TransferWithAuthorization${FIELDS}`), receive: hashText(`ReceiveWithAuthorization${FIELDS}`) } as const

/** The 32 bytes that the payer signs: EIP-712 over EIP-3009's authorization of this kind, with the domain separator kept per token. */
export function authorizationDigest(domain: TokenDomain, kind: AuthorizationKind, t: Omit<SignedTransfer, 'signature'>): Uint8Array {
  message.set(TYPES[kind], 0)
  message.write(words(t), 32, 'hex')
  return typedDigest(separatorOf(domain), keccak_256(message))
}

/** The type and six words: written anew for each digest, and read before anything else runs. */
const message = Buffer.alloc(7 * 32)

/** In hex, as the ABI encodes them. */
function words({ from, to, value, validAfter, validBefore, nonce }: Omit<SignedTransfer, 'signature'>): string {
  return wordHex(from) + wordHex(to) + numberHex(value) + numberHex(validAfter) + numberHex(validBefore) + wordHex(nonce)
}

function separatorOf(domain: TokenDomain): Uint8Array {
  const key = `${domain.chainId}:${domain.token.toLowerCase()}:${domain.tokenVersion}:${domain.tokenName}`
  const known = domains.get(key)
  if (known) return known
  const { tokenName, tokenVersion, chainId, token } = domain
  const data = Buffer.concat([DOMAIN_TYPE, hashText(tokenName), hashText(tokenVersion), number(BigInt(chainId)), word(token)])
  const separator = keccak_256(data)
  if (domains.size >= DOMAINS_MAX) domains.clear()
  domains.set(key, separator)
  return separator
}
