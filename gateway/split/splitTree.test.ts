import fc from 'fast-check'
import { concat, keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Hex } from '../ports/ids.ts'
import { type Share, splitIdOf, splitTree } from './splitTree.ts'

const ALICE: Hex = '0x1111111111111111111111111111111111111111'
const BOB: Hex = '0x2222222222222222222222222222222222222222'

/** Shares only; accounts follow from the place. */
const table = (shares: readonly bigint[]) => ({
  payees: shares.map((own, i) => ({ account: `0x${(i + 1).toString(16).padStart(40, '0')}` as const, shares: own })),
})

/** OpenZeppelin's rule, written the other way round: from the leaf up. */
function rootBy(share: Share): Hex {
  const pad = (hex: string) => hex.replace('0x', '').toLowerCase().padStart(64, '0')
  const leaf = keccak256(keccak256(`0x${pad(share.account)}${pad(share.shares.toString(16))}`))
  return share.proof.reduce((node, sibling) => keccak256(concat(node < sibling ? [node, sibling] : [sibling, node])), leaf)
}

describe('a split tree', () => {
  test('commits to account, shares, metadata and order', () => {
    const base = splitTree({ payees: [payee(ALICE, 1n), payee(BOB, 2n)] })
    const others = [
      splitTree({ payees: [payee(ALICE, 2n), payee(BOB, 1n)] }),
      splitTree({ payees: [payee(ALICE, 1n), payee(BOB, 3n)] }),
      splitTree({ payees: [payee(ALICE, 1n)] }),
      splitTree({ payees: [payee(ALICE, 1n), payee(BOB, 2n)], metadata: '' }),
      splitTree({ payees: [payee(ALICE, 1n), payee(BOB, 2n)], metadata: 'album 7' }),
    ]
    expect(new Set([base, ...others].map((tree) => tree.splitId)).size).toBe(6)
    expect(splitTree({ payees: [payee(ALICE, 1n), payee(BOB, 2n)] }).splitId).toBe(base.splitId)
  })

  test('of one payee has its leaf as root and an empty proof', () => {
    const tree = splitTree({ payees: [payee(ALICE, 7n)] })
    expect(tree.proofs(0)).toEqual([])
    expect(rootBy(tree.share(0))).toBe(tree.root)
  })

  test('moves an odd last node up unchanged', () => {
    const three = splitTree(table([1n, 2n, 3n]))
    expect(three.proofs(0)).toHaveLength(2)
    expect(three.proofs(2)).toHaveLength(1)
    expect(three.proofs(2)).toEqual([splitTree(table([1n, 2n])).root])
  })

  test('proves each payee of any table, and no other shares', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 2n ** 64n), { minLength: 1, maxLength: 40 }), (shares) => {
        const tree = splitTree(table(shares))
        expect(tree.totalShares).toBe(shares.reduce((a, b) => a + b, 0n))
        expect(splitIdOf(tree)).toBe(tree.splitId)
        for (const index of shares.keys()) {
          const share = tree.share(index)
          expect(rootBy(share)).toBe(tree.root)
          expect(rootBy({ ...share, shares: share.shares + 1n })).not.toBe(tree.root)
        }
      }),
      { numRuns: 30, seed: 402 },
    )
  })

  test('has no proof for a payee that is not there', () => {
    expect(() => splitTree(table([1n, 2n])).proofs(2)).toThrow('there is no payee 2')
    expect(() => splitTree(table([1n, 2n])).share(-1)).toThrow('there is no payee -1')
  })
})

function payee(account: Hex, shares: bigint) {
  return { account, shares }
}
