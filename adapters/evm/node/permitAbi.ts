import { parseAbi } from 'viem'

const PERMIT = 'struct Permit { Permissions permitted; uint256 nonce; uint256 deadline; }'
const PERMISSIONS = 'struct Permissions { address token; uint256 amount; }'

/** Permit2: which bits of a word of nonces are used, and that their owner has ended some. */
export const permit2Abi = parseAbi([
  'function nonceBitmap(address owner, uint256 word) view returns (uint256)',
  'event UnorderedNonceInvalidation(address indexed owner, uint256 word, uint256 mask)',
])

/** x402's proxy for exact amounts. */
export const exactProxyAbi = parseAbi([
  PERMISSIONS,
  PERMIT,
  'struct Witness { address to; uint256 validAfter; }',
  'function settle(Permit permit, address owner, Witness witness, bytes signature)',
  'event Settled()',
])

/** x402's proxy for maxima. */
export const uptoProxyAbi = parseAbi([
  PERMISSIONS,
  PERMIT,
  'struct Witness { address to; address facilitator; uint256 validAfter; }',
  'function settle(Permit permit, uint256 amount, address owner, Witness witness, bytes signature)',
  'event Settled()',
])
