import type { AuditLeaf, AuditLogWriter, SubtreeHash } from '../../ports/auditLog.ts'
import { type CheckedBlock, cursorAt, type Follower } from '../projection/follower.ts'
import { readReceiptFact } from '../receipt/facts.ts'
import { addLeaf, frontierAt } from './merkleTree.ts'
import { receiptLeafHash } from './receiptLeaf.ts'

/** The audit log as a follower of the journal: a leaf for each receipt, in the order of the journal, so that it can always be built again. */
export function auditFollower(log: AuditLogWriter): Follower {
  const frontier = frontierAt(log.size(), (level, index) => log.subtree(level, index))
  return {
    cursor: () => log.cursor(),
    take(blocks: readonly CheckedBlock[]) {
      const leaves: AuditLeaf[] = []
      const subtrees: SubtreeHash[] = []
      for (const { content } of blocks) {
        for (const { facts = [] } of content.submissions) {
          for (const fact of facts) {
            const issued = readReceiptFact(fact)
            if (!issued) continue
            leaves.push({ receipt: issued.id, index: frontier.size })
            subtrees.push(...addLeaf(frontier, receiptLeafHash(issued.data)))
          }
        }
      }
      log.append(leaves, subtrees, cursorAt(blocks.at(-1)!.block))
    },
  }
}
