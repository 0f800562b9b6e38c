import { createPublicKey } from 'node:crypto'
import type { CheckedBlock } from '../projection/follower.ts'
import { openCheckpoint } from './checkpoint.ts'
import { leavesOf } from './leaves.ts'
import { addLeaf, type Frontier, frontierRoot } from './merkleTree.ts'

type CheckpointFinding = Readonly<{ holds: boolean; detail: string }>

/**
 * Builds the audit log again from the blocks it is given, and says whether a signed checkpoint is of just this journal. One that was signed before the log
 * had blocks is of the receipts alone.
 */
export function checkpointCheck(note: string, publicKeyPem: string) {
  const head = openCheckpoint(note, createPublicKey(publicKeyPem))
  const signed = head?.journal
  const frontier: Frontier = { size: 0, roots: [] }
  let root = head?.size === 0 ? frontierRoot(frontier) : undefined
  let hash: Uint8Array | undefined = signed?.seq === 0 ? new Uint8Array(32) : undefined
  let last = 0

  return {
    take(checked: CheckedBlock): void {
      for (const leaf of leavesOf(checked)) {
        if (!signed && leaf.receipt === undefined) continue
        addLeaf(frontier, leaf.hash)
        if (frontier.size === head?.size) root = frontierRoot(frontier)
      }
      last = checked.block.seq
      if (last === signed?.seq) hash = checked.block.hash
    },
    finding(): CheckpointFinding {
      if (!head) return { holds: false, detail: 'is not signed by this key' }
      const sameRoot = root !== undefined && Buffer.compare(root, head.root) === 0
      if (!signed) return receiptsFinding(head.size, sameRoot, root ? undefined : frontier.size)
      const name = `block ${signed.seq}`
      if (!hash) return { holds: false, detail: `is of ${name}, the journal is whole only up to block ${last}` }
      if (Buffer.compare(hash, signed.hash) !== 0)
        return { holds: false, detail: `was signed for ${name} with another hash: the journal was written anew since` }
      return { holds: sameRoot, detail: sameRoot ? `${name}, the same hash and root` : `${name} has the same hash, its tree another root` }
    },
  }
}

/** A checkpoint of receipts alone; `short` is how many the journal has when that is not enough. */
function receiptsFinding(size: number, sameRoot: boolean, short: number | undefined): CheckpointFinding {
  if (short !== undefined) return { holds: false, detail: `is of ${size} receipts, the journal has ${short}` }
  const detail = sameRoot ? `of ${size} receipts and nothing else, the same root` : `of ${size} receipts has another root`
  return { holds: sameRoot, detail }
}
