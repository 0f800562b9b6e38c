import type { FileHandle } from 'node:fs/promises'
import type { AnswerOwner } from '../../gateway/ports/keptAnswers.ts'

/** A claim is named by what came in a header, and those end at 16 kB. */
const HEAD_BYTES_MAX = 65_536
const NEWLINE = 10

/** The first line of a file: whose answer follows. */
export function headOf({ receipt, claimKey, payer, seller }: AnswerOwner): Buffer {
  return Buffer.from(`${JSON.stringify({ receipt, claimKey, payer, seller })}\n`)
}

/** The first line of a file and its length in bytes; undefined where there is none that we wrote. */
export async function readHead(file: FileHandle): Promise<Readonly<{ owner: AnswerOwner; length: number }> | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES_MAX), 0, HEAD_BYTES_MAX, 0)
  const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE)
  if (end < 0) return undefined
  try {
    return { owner: JSON.parse(buffer.toString('utf8', 0, end)) as AnswerOwner, length: end + 1 } // As `headOf` wrote it.
  } catch {
    return undefined
  }
}
