import { createPublicKey } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { AuditLog } from '../../ports/auditLog.ts'
import { consistencyPath, inclusionPath } from './merkleTree.ts'
import { logOrigin } from './origin.ts'
import { verifierKey } from './signedNote.ts'
import { writeTlogProof } from './tlogProof.ts'

/** What an auditor may ask of the log. Every proof is for a checkpoint that is signed. */
export type AuditAnswers = Readonly<{
  /** The newest checkpoint as a signed note. */
  checkpoint: () => string
  /** The proof that a receipt is in the log (C2SP tlog-proof), or undefined until a checkpoint covers it. */
  inclusion: (receipt: string) => string | undefined
  /** Hashes in base64 that show that the log of `to` leaves begins with the log of `from`. */
  consistency: (from: number, to: number) => string[]
  /** The log's key in the line that verifiers of signed notes take. */
  verifierKey: string
}>

export function createAuditAnswers(log: AuditLog, publicKeyPem: string): AuditAnswers {
  const publicKey = createPublicKey(publicKeyPem)
  const subtree = (level: number, index: number) => log.subtree(level, index)
  return {
    checkpoint() {
      const last = log.checkpoint()
      if (!last)
        throw new GatewayError('not_found', 'There is no checkpoint yet', { hint: 'The first is signed within seconds of the start.' })
      return last.note
    },
    inclusion(receipt) {
      const index = log.indexOf(receipt)
      const checkpoint = log.checkpoint()
      if (index === undefined || !checkpoint || index >= checkpoint.size) return undefined
      return writeTlogProof({ index, path: inclusionPath(index, checkpoint.size, subtree), checkpoint: checkpoint.note })
    },
    consistency(from, to) {
      const size = log.checkpoint()?.size ?? 0
      if (from > to || to > size)
        throw new GatewayError('invalid_request', `There is no proof from ${from} to ${to}: the newest checkpoint has ${size} leaves`, {
          hint: 'Name two sizes of checkpoints, the older one first.',
        })
      return consistencyPath(from, to, subtree).map((hash) => Buffer.from(hash).toString('base64'))
    },
    verifierKey: verifierKey(logOrigin(publicKey), publicKey),
  }
}
