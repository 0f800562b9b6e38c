import type { Hex } from '../ports/ids.ts'
import type { SplitTable } from './splitTable.ts'
import { type SplitTree, splitTree } from './splitTree.ts'

/** The tree of a table whose splitId was reckoned before. The rest, some 70 us of hashing for one payee, is reckoned when somebody asks for it. */
export function knownTree(table: SplitTable, splitId: Hex): SplitTree {
  let reckoned: SplitTree | undefined
  const tree = (): SplitTree => {
    reckoned ??= splitTree(table)
    return reckoned
  }
  return {
    splitId,
    get root() {
      return tree().root
    },
    get totalShares() {
      return tree().totalShares
    },
    get metadataHash() {
      return tree().metadataHash
    },
    proofs: (index) => tree().proofs(index),
    share: (index) => tree().share(index),
  }
}
