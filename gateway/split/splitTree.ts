import { invariant } from '../errors/invariant.ts'
import type { Hex } from '../ports/ids.ts'
import { hashText, hashWords } from './hashing.ts'
import { checkSplitTable, type Payee, type SplitTable, totalSharesOf } from './splitTable.ts'

/** One leaf with what proves that it belongs to its split: what the hub's `claim` wants. */
export type Share = Readonly<{ root: Hex; totalShares: bigint; metadataHash: Hex; account: Hex; shares: bigint; proof: readonly Hex[] }>

/** A table's identity. `proofs` and `share` take the payee's place in the table, from 0. */
export type SplitTree = Readonly<{
  splitId: Hex
  root: Hex
  totalShares: bigint
  metadataHash: Hex
  proofs: (index: number) => readonly Hex[]
  share: (index: number) => Share
}>

/** The metadata hash of a table without metadata. */
const NO_METADATA: Hex = `0x${'0'.repeat(64)}`

/** Commits to a table as `SettlementHub.sol` does. Throws `invalid_split`. */
export function splitTree(table: SplitTable): SplitTree {
  checkSplitTable(table)
  return commitTo(table)
}

/**
 * The commitment alone, to any table of at least one payee: the contract takes more payees than an entry of the ledger can hold, and does not
 * ask whether an account stands in it twice. Nothing that the gateway registers comes here unchecked.
 */
export function commitTo(table: SplitTable): SplitTree {
  const payees = [...table.payees]
  const levels = merkleLevels(payees.map(leafOf))
  const root = levels.at(-1)?.[0]
  invariant(root !== undefined, 'a tree over at least one leaf has a root')
  const totalShares = totalSharesOf(payees)
  const metadataHash = table.metadata === undefined ? NO_METADATA : hashText(table.metadata)
  const proofs = (index: number) => proofOf(levels, index)
  const share = (index: number): Share => {
    const payee = payees[index]
    invariant(payee !== undefined, `there is no payee ${index}`)
    return { root, totalShares, metadataHash, account: payee.account, shares: payee.shares, proof: proofs(index) }
  }
  return { splitId: splitIdOf({ root, totalShares, metadataHash }), root, totalShares, metadataHash, proofs, share }
}

/** keccak256(abi.encode(root, totalShares, metadataHash)). */
export function splitIdOf(commitment: { root: Hex; totalShares: bigint; metadataHash: Hex }): Hex {
  const { root, totalShares, metadataHash } = commitment
  return hashWords(root, totalShares, metadataHash)
}

/** Hashed twice, so that no inner node can pass for a leaf. */
function leafOf(payee: Payee): Hex {
  return hashWords(hashWords(payee.account, payee.shares))
}

/** From the leaves up to the root; the last node of an odd level moves up unchanged. */
function merkleLevels(leaves: readonly Hex[]): readonly (readonly Hex[])[] {
  const levels = [leaves]
  for (let level = leaves; level.length > 1; ) {
    const below = level
    level = below.flatMap((node, i) => (i % 2 === 1 ? [] : [i + 1 < below.length ? parentOf(node, below[i + 1]!) : node]))
    levels.push(level)
  }
  return levels
}

/** Lower hash first, as OpenZeppelin's MerkleProof verifies it; hex of equal length and case sorts as the numbers do. */
function parentOf(a: Hex, b: Hex): Hex {
  return a < b ? hashWords(a, b) : hashWords(b, a)
}

function proofOf(levels: readonly (readonly Hex[])[], index: number): readonly Hex[] {
  invariant(index >= 0 && index < (levels[0]?.length ?? 0), `there is no payee ${index}`)
  const proof: Hex[] = []
  let place = index
  for (const level of levels) {
    const sibling = level[place ^ 1]
    if (sibling !== undefined) proof.push(sibling)
    place >>= 1
  }
  return proof
}
