import { createHash } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { AnswerOwner } from '../../gateway/ports/keptAnswers.ts'
import { headOf } from './answerHead.ts'
import { nameOf, PART } from './answerName.ts'
import type { Shares } from './shares.ts'

/** So much of one answer waits for the disk at most before its source is asked to wait too. */
const QUEUED_BYTES_MAX = 1_048_576

type Ended = Readonly<{ name: string; at: number; bytes: number; digest: string; endedAt: number; expiresAt: number; isCut: boolean }>
type Parts = Readonly<{ folder: string; owner: AnswerOwner; bytesMax: number; shares: Shares; clock: Clock; log: (line: string) => void }>

/** Writes one answer beside the thread that gives it. Its bytes take their room as they come; that and the file’s own go back with the file. */
export function openWriter({ folder, owner, bytesMax, shares, clock, log }: Parts) {
  const part = join(folder, `${owner.receipt}${PART}`)
  const head = headOf(owner)
  const digest = createHash('sha256')
  let [bytes, queued, isKept] = [0, 0, true]
  let disk: Promise<FileHandle | undefined> = begun(part, head).catch(failed)
  let ended: Promise<Ended | undefined> | undefined

  function failed(error: unknown): undefined {
    log(`answers: ${owner.receipt} is not kept: ${error}`)
    letGo()
    return undefined
  }

  function letGo(): void {
    if (isKept) shares.giveFile(owner, bytes)
    isKept = false
  }

  async function drop(): Promise<void> {
    letGo()
    const file = await disk
    await file?.close().catch(failed)
    disk = Promise.resolve(undefined)
    await rm(part, { force: true }).catch(failed)
  }

  async function finish(lifeMs: number, isCut: boolean): Promise<Ended | undefined> {
    const file = await disk
    const endedAt = clock.now()
    const [expiresAt, hex] = [endedAt + lifeMs, digest.digest('hex')]
    const name = nameOf({ receipt: owner.receipt, endedAt, expiresAt, digest: hex, isCut })
    if (isCut && bytes === 0) letGo()
    try {
      await file?.datasync()
      if (isKept) await rename(part, join(folder, name))
    } catch (error) {
      failed(error)
    }
    if (!isKept) return void (await drop())
    await file?.close()
    return { name, at: head.byteLength, bytes, digest: hex, endedAt, expiresAt, isCut }
  }

  return {
    kept: () => isKept,
    write(chunk: Uint8Array): Promise<void> | undefined {
      if (!isKept) return undefined
      if (bytes + chunk.byteLength > bytesMax || !shares.hasRoom(owner, chunk.byteLength)) return drop()
      shares.take(owner, chunk.byteLength)
      bytes += chunk.byteLength
      queued += chunk.byteLength
      digest.update(chunk)
      // The file stays open where it takes no more: who drops it closes it.
      disk = disk.then(async (file) => {
        if (file && isKept) await writeAll(file, chunk).catch(failed)
        return file
      })
      const written = disk.then(() => {
        queued -= chunk.byteLength
      })
      return queued > QUEUED_BYTES_MAX ? written : undefined
    },
    drop,
    /** Where the answer is now, or what there is of it; undefined where nothing is. It ends once: who comes second, as the process closes, is told the same. */
    end: (lifeMs: number, isCut: boolean): Promise<Ended | undefined> => (ended ??= finish(lifeMs, isCut)),
  }
}

async function begun(path: string, head: Uint8Array): Promise<FileHandle> {
  const file = await open(path, 'w', 0o600)
  await writeAll(file, head)
  return file
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) at += (await file.write(bytes, at)).bytesWritten
}
