import { keccak256, numberToHex, serializeTransaction } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { Taken } from '../node/wire.ts'
import type { LiveTransaction, Signed } from './transactionTable.ts'

/**
 * The transaction that took a nonce of the account, at or below block `upTo`, read from the block itself; undefined when it is not to be
 * found. A missing receipt alone proves nothing, because a node can lag behind or have forgotten.
 */
export async function takerOfNonce(chain: Chain, account: Hex, nonce: number, upTo: bigint): Promise<Taken | undefined> {
  if ((await chain.transactionCount(account, upTo)) <= BigInt(nonce)) return undefined
  // Invariant: the count passes the nonce somewhere in [low, high]. At most 64 halvings of a block number.
  let low = 0n
  let high = upTo
  while (low < high) {
    const middle = (low + high) / 2n
    if ((await chain.transactionCount(account, middle)) > BigInt(nonce)) high = middle
    else low = middle + 1n
  }
  const block = await chain.senders(low)
  return block.transactions.find((taken) => taken.from === account && taken.nonce === BigInt(nonce))
}

/** How a transaction of ours with this nonce would read, but for its fees. */
type Call = Pick<LiveTransaction, 'to' | 'data' | 'gas'> & Readonly<{ chainId: number }>

/**
 * The transaction as a signed form of the call; undefined when it is anything else. Its hash is over all that it does and its signature, so
 * what gives the same hash is the same transaction.
 */
export function formOf(taken: Taken, { chainId, to, data, gas }: Call, signedAt: number): Signed | undefined {
  const { hash, nonce, maxFeePerGas, maxPriorityFeePerGas, r, s } = taken
  const parity = taken.yParity ?? taken.v
  const isWhole = maxFeePerGas != null && maxPriorityFeePerGas != null && r != null && s != null && parity != null && parity < 2n
  if (!isWhole) return undefined
  const raw = serializeTransaction(
    { type: 'eip1559', chainId, nonce: Number(nonce), to, data, gas, maxFeePerGas, maxPriorityFeePerGas }, // not money: a nonce
    { r: numberToHex(r, { size: 32 }), s: numberToHex(s, { size: 32 }), yParity: parity === 1n ? 1 : 0 },
  )
  if (keccak256(raw) !== hash) return undefined
  return { maxFee: maxFeePerGas, priorityFee: maxPriorityFeePerGas, raw, hash, signedAt }
}
