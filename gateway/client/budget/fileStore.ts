import { constants } from 'node:fs'
import { type FileHandle, link, mkdir, open, readdir, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isFileMissing } from '../../errors/fileMissing.ts'
import { randomHex } from '../offers/bytes.ts'
import { beginning, type Log, replay, writeLine } from './appendLog.ts'
import type { BudgetStore } from './budgetStore.ts'

/** A log longer than this is ended, and a new one begun with what stands. */
export const LOG_BYTES_MAX = 1 << 18
/** How many logs stay: whoever still has an older one must find it ended, or gone, and never make it anew. The first stays for ever. */
const LOGS_KEPT = 3
/** How often a log may be found ended before this gives up: each time others have filled a whole one. */
const ENDED_MAX = 100

/**
 * Remembers in a folder of its own on a local disk; processes may share it. Nothing is locked, so nothing stays locked when a process is killed: a write is
 * one appended line that names the line it follows, and the order in the file says which of two was first. Appending is atomic on local disks (POSIX
 * O_APPEND), not over NFS.
 */
export function fileStore(folder: string): BudgetStore {
  return {
    get: (key) => withNewest(folder, async (_, log) => log.entries.get(key)?.value),
    async set(key, value, expected) {
      for (let tries = 0; tries < ENDED_MAX; tries++) {
        const done = await withNewest(folder, async (file, log) => {
          const before = log.entries.get(key)
          if (before?.value !== expected) return false
          const id = randomHex(12)
          await append(file, writeLine({ id, key, after: before?.id, value }))
          const text = await textOf(file)
          const now = replay(text)
          if (now.applied.has(id)) {
            if (!now.ended && text.length > LOG_BYTES_MAX) await append(file, writeLine({ id: randomHex(12) }))
            return true
          }
          // Not applied and not ended: another line was first. Ended: it was not for this log to say.
          return now.ended ? undefined : false
        })
        if (done !== undefined) return done
      }
      throw new Error(`${folder} is written by others all the time`)
    },
  }
}

/** Works on the newest log, which is not ended when it is read. */
async function withNewest<T>(folder: string, work: (file: FileHandle, log: Log) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (let tries = 0; tries < ENDED_MAX; tries++) {
    const numbers = await numbersIn(folder)
    const number = numbers.at(-1) ?? 1
    // The first log is made once and never removed, so an empty folder is a new one.
    const flags = constants.O_RDWR | constants.O_APPEND | (number === 1 ? constants.O_CREAT : 0)
    const file = await open(pathOf(folder, number), flags, 0o600).catch(ifMissing)
    if (!file) continue
    try {
      const log = replay(await textOf(file))
      if (!log.ended) return await work(file, log)
      await begin(folder, number + 1, log)
      for (const old of numbers.filter((one) => one !== 1 && one <= number + 1 - LOGS_KEPT))
        await unlink(pathOf(folder, old)).catch(ifMissing)
    } finally {
      await file.close()
    }
  }
  throw new Error(`${folder} is written by others all the time`)
}

/** Begins a log with what stood at the end of the one before: the same text whoever writes it, so it does not matter who is first. */
async function begin(folder: string, number: number, { entries }: Log): Promise<void> {
  const written = join(folder, `${randomHex(8)}.tmp`)
  await writeFile(written, beginning(entries), { mode: 0o600, flush: true })
  await link(written, pathOf(folder, number)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await unlink(written)
}

async function append(file: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const { bytesWritten } = await file.write(bytes)
  if (bytesWritten !== bytes.length) throw new Error('the disk took a part of a line only')
  await file.datasync()
}

async function textOf(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const bytes = Buffer.alloc(size)
  const { bytesRead } = await file.read(bytes, 0, size, 0)
  return bytes.toString('utf8', 0, bytesRead)
}

async function numbersIn(folder: string): Promise<number[]> {
  const found = (await readdir(folder)).flatMap((name) => /^([0-9]{1,15})\.log$/.exec(name)?.[1] ?? [])
  return found.map((text) => Number.parseInt(text, 10)).sort((a, b) => a - b)
}

const pathOf = (folder: string, number: number) => join(folder, `${number}.log`)

/** Removed by whoever began a newer one. */
function ifMissing(error: unknown): undefined {
  if (!isFileMissing(error)) throw error
}
