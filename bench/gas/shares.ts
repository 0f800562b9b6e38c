import { concat, encodeAbiParameters, type Hex, keccak256, toHex } from 'viem'
import { type Share, splitIdOf } from '../../gateway/split/splitTree.ts'

const SHARES = 10n
/** As a table without metadata has it; a hash costs 384 gas more of calldata. */
const NO_METADATA: Hex = `0x${'0'.repeat(64)}`

/**
 * A payee's row in a table of `payees`, with the split's id. Only the way from the row to the root exists: its siblings are hashes of
 * nothing, because the other rows cost a claim nothing but the length of its proof.
 */
export function shareIn(account: Hex, table: { payees: number; name: string }): Share & { splitId: Hex } {
  const proof: Hex[] = []
  let root = keccak256(keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, SHARES])))
  for (let width = 1; width < table.payees; width *= 2) {
    const sibling = keccak256(toHex(`${table.name} ${proof.length}`))
    root = keccak256(concat(root < sibling ? [root, sibling] : [sibling, root]))
    proof.push(sibling)
  }
  const commitment = { root, totalShares: SHARES * BigInt(table.payees), metadataHash: NO_METADATA }
  return { ...commitment, account, shares: SHARES, proof, splitId: splitIdOf(commitment) }
}
