import { parseAbi } from 'viem'
import { AuthorizationBatch } from '../../../contracts/abi/AuthorizationBatch.ts'
import { SettlementHub } from '../../../contracts/abi/SettlementHub.ts'

/** The token as EIP-20, EIP-712 and EIP-3009 describe it; the authorization in the form that takes any signature as bytes (USDC 2.2). */
export const tokenAbi = parseAbi([
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)',
  'event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)',
  'function transfer(address to, uint256 value) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
  'function decimals() view returns (uint8)',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function authorizationState(address authorizer, bytes32 nonce) view returns (bool)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
])

/** An account that is a contract says itself which signatures are its own (ERC-1271). */
export const accountAbi = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)'])

export const hubAbi = SettlementHub.abi

/** Many transfers by authorization in one transaction. */
export const batchAbi = AuthorizationBatch.abi
