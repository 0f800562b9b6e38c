import { createPublicKey } from 'node:crypto'
import type { BlockContent } from '../../ledger/journal/blockData.ts'
import { readReceiptFact } from '../receipt/facts.ts'
import { readCheckpoint } from './checkpoint.ts'
import { addLeaf, type Frontier, frontierRoot } from './merkleTree.ts'
import { logOrigin } from './origin.ts'
import { receiptLeafHash } from './receiptLeaf.ts'
import { openNote } from './signedNote.ts'

export type CheckpointFinding = Readonly<{ holds: boolean; detail: string }>

/** Builds the audit log again from the blocks it is given, and says whether a signed checkpoint is of just these payments. */
export function checkpointCheck(note: string, publicKeyPem: string) {
  const publicKey = createPublicKey(publicKeyPem)
  const text = openNote(note, logOrigin(publicKey), publicKey)
  const head = text === undefined ? undefined : readCheckpoint(text)
  const frontier: Frontier = { size: 0, roots: [] }
  let root = head?.size === 0 ? frontierRoot(frontier) : undefined

  return {
    take({ submissions }: BlockContent): void {
      for (const { facts = [] } of submissions) {
        for (const fact of facts) {
          const issued = readReceiptFact(fact)
          if (!issued) continue
          addLeaf(frontier, receiptLeafHash(issued.data))
          if (frontier.size === head?.size) root = frontierRoot(frontier)
        }
      }
    },
    finding(): CheckpointFinding {
      if (!head) return { holds: false, detail: 'is not signed by this key' }
      if (!root) return { holds: false, detail: `is of ${head.size} payments, the journal has ${frontier.size}` }
      const holds = Buffer.compare(root, head.root) === 0
      return {
        holds,
        detail: holds ? `of ${head.size} payments, the same root; ${frontier.size} now` : `of ${head.size} payments has another root`,
      }
    },
  }
}
