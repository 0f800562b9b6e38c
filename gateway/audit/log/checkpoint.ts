import type { KeyObject } from 'node:crypto'
import type { JournalHead } from '../../ports/journal.ts'
import { blockLine, readBlockLine } from './leaves.ts'
import { logOrigin, receiptsOrigin } from './origin.ts'
import { openNote } from './signedNote.ts'

/**
 * A tree head as C2SP tlog-checkpoint writes it: origin, size, root, and as its extension line the last block whose leaves are in the tree. That block is
 * the tree's last leaf too, so the line says nothing that the root does not bind.
 */
type TreeHead = Readonly<{ origin: string; size: number; root: Uint8Array; journal?: JournalHead }>

export function checkpointText({ origin, size, root, journal }: TreeHead): string {
  const lines = [origin, `${size}`, Buffer.from(root).toString('base64'), ...(journal ? [blockLine(journal)] : [])]
  return `${lines.join('\n')}\n`
}

/** Reads the text of a checkpoint; undefined when it is none. Without `journal` it is of another log, or of ours as it was before it had blocks. */
export function readCheckpoint(text: string): TreeHead | undefined {
  const [origin, size, hash, extension] = text.split('\n')
  if (!origin || !size || !/^(0|[1-9][0-9]{0,15})$/.test(size) || !hash) return undefined
  const root = decodeHash(hash)
  const journal = readBlockLine(extension)
  return root && { origin, size: Number.parseInt(size, 10), root, ...(journal && { journal }) }
}

/** The tree head that this key has signed, for our log or for its receipts alone as they once were signed; undefined for any other note. */
export function openCheckpoint(note: string, publicKey: KeyObject): TreeHead | undefined {
  const [origin, older] = [logOrigin(publicKey), receiptsOrigin(publicKey)]
  const text = openNote(note, origin, publicKey) ?? openNote(note, older, publicKey)
  const head = text === undefined ? undefined : readCheckpoint(text)
  return head && head.origin === (head.journal ? origin : older) ? head : undefined
}

/** 32 bytes in base64, written the one right way. */
export function decodeHash(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.byteLength === 32 && bytes.toString('base64') === text ? bytes : undefined
}
