import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { AuditLogWriter } from '../../ports/auditLog.ts'
import { checkpointText, openCheckpoint } from './checkpoint.ts'
import { rootHash } from './merkleTree.ts'
import { logOrigin } from './origin.ts'
import { signNote } from './signedNote.ts'

/** Signs the log as it stands; false when nothing has come since the last checkpoint. */
type Checkpointer = () => boolean

/**
 * Signs checkpoints with the key of the receipts (Ed25519, PKCS #8). Throws when the log contradicts the checkpoint it has signed last: a log that
 * forgets must not go on signing.
 */
export function createCheckpointer(log: AuditLogWriter, privateKeyPem: string): Checkpointer {
  const privateKey = createPrivateKey(privateKeyPem)
  const publicKey = createPublicKey(privateKey)
  const origin = logOrigin(publicKey)
  const rootAt = (size: number) => rootHash(size, (level, index) => log.subtree(level, index))
  checkLast()

  function checkLast(): void {
    const last = log.checkpoint()
    const head = last && openCheckpoint(last.note, publicKey)
    // After a change of keys there is nothing of this key to contradict.
    if (!head) return
    if (head.size > log.size())
      throw new Error(`the audit log has ${log.size()} leaves, but a checkpoint of ${head.size} was signed: the journal has lost blocks`)
    if (Buffer.compare(rootAt(head.size), head.root) !== 0)
      throw new Error(`the audit log differs from its checkpoint of ${head.size} leaves: the journal was changed after it was signed`)
  }

  return () => {
    const size = log.size()
    const last = log.checkpoint()
    if (last?.size === size && openCheckpoint(last.note, publicKey)) return false
    // Leaves and cursor move together, and each block is a leaf: two checkpoints of one size are one.
    const text = checkpointText({ origin, size, root: rootAt(size), journal: log.cursor() })
    log.saveCheckpoint({ size, note: signNote(text, { name: origin, privateKey, publicKey }) })
    return true
  }
}
