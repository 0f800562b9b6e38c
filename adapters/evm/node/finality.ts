import type { Header } from './wire.ts'

/**
 * When a block counts: with so many blocks on top (0 where none is ever replaced), or when the node itself calls it `safe` or `finalized`
 * (Ethereum JSON-RPC block tags, the consensus layer's word).
 */
export type FinalityPolicy = Readonly<{ depth: number }> | Readonly<{ tag: 'safe' | 'finalized' }>

export type Finality = Readonly<{
  /** The newest block that counts under this head; below zero when none does yet. */
  finalBlock(head: Header): Promise<bigint>
  /** How many blocks it is expected to take. */
  expectedBlocks: bigint
}>

/** Blocks until Ethereum justifies and finalises: one and two epochs of 32 slots, and half an epoch until the next begins. */
const EXPECTED_BLOCKS = { safe: 48n, finalized: 80n } as const

/** The policy as a question. `tagged`: the newest block that the endpoints call so; throws RpcSilent while they know none. */
export function createFinality(policy: FinalityPolicy, tagged: (tag: 'safe' | 'finalized') => Promise<Header>): Finality {
  if ('depth' in policy) {
    const depth = BigInt(policy.depth)
    return { finalBlock: async (head) => head.number - depth, expectedBlocks: depth + 1n }
  }
  return {
    async finalBlock(head) {
      const { number } = await tagged(policy.tag)
      // The tag may be read a moment after the head.
      return number < head.number ? number : head.number
    },
    expectedBlocks: EXPECTED_BLOCKS[policy.tag],
  }
}
