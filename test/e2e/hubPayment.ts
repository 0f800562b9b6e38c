import { privateKeyToAccount } from 'viem/accounts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { authorizationNonce } from '../../gateway/split/authorizationNonce.ts'
import type { ChainReady } from '../../world/chain/ready.ts'

const FIELDS = ['address from', 'address to', 'uint256 value', 'uint256 validAfter', 'uint256 validBefore', 'bytes32 nonce']
const TYPES = { ReceiveWithAuthorization: FIELDS.map((f) => ({ type: f.split(' ')[0]!, name: f.split(' ')[1]! })) }
const VALID_S = 600

/** A customer's one signature over money, split and intent, for the hub of this chain, as POST /v1/payment_intents/:id/pay takes it. */
export async function signForHub(chain: ChainReady, o: { customer: number; value: bigint; splitId: string; ref: string; now?: number }) {
  const account = privateKeyToAccount(chain.customers[o.customer]!.privateKey)
  const message = {
    from: account.address,
    to: chain.hub,
    value: o.value,
    validAfter: 0n,
    validBefore: BigInt(Math.floor((o.now ?? Date.now()) / 1000) + VALID_S), // not money: a time
    // The offer names both as 32 bytes in hex.
    nonce: authorizationNonce(o.splitId as Hex, o.ref as Hex),
  }
  const { tokenName: name, tokenVersion: version, chainId, token: verifyingContract } = chain
  const domain = { name, version, chainId, verifyingContract }
  const signature = await account.signTypedData({ domain, types: TYPES, primaryType: 'ReceiveWithAuthorization', message })
  const { from, value, validAfter, validBefore } = message
  return { from, value: `${value}`, valid_after: `${validAfter}`, valid_before: `${validBefore}`, signature }
}
