import type { AuditLeaf, AuditLogWriter, SubtreeHash } from '../../ports/auditLog.ts'
import { type CheckedBlock, cursorAt, type Follower } from '../projection/follower.ts'
import { leavesOf } from './leaves.ts'
import { addLeaf, frontierAt } from './merkleTree.ts'

/** The audit log as a follower of the journal: its leaves follow from the blocks alone, so that it can always be built again. */
export function auditFollower(log: AuditLogWriter): Follower {
  const frontier = frontierAt(log.size(), (level, index) => log.subtree(level, index))
  return {
    cursor: () => log.cursor(),
    take(blocks: readonly CheckedBlock[]) {
      const receipts: AuditLeaf[] = []
      const subtrees: SubtreeHash[] = []
      for (const { hash, receipt } of blocks.flatMap(leavesOf)) {
        if (receipt !== undefined) receipts.push({ receipt, index: frontier.size })
        subtrees.push(...addLeaf(frontier, hash))
      }
      log.append({ receipts, subtrees, size: frontier.size, cursor: cursorAt(blocks.at(-1)!.block) })
    },
  }
}
