import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'

/**
 * The transaction that took a nonce of the account, at or below block `upTo`, read from the block itself; undefined when it is not to be
 * found. A missing receipt alone proves nothing, because a node can lag behind or have forgotten.
 */
export async function takerOfNonce(chain: Chain, account: Hex, nonce: number, upTo: bigint): Promise<Hex | undefined> {
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
  return block.transactions.find((taken) => taken.from === account && taken.nonce === BigInt(nonce))?.hash
}
