import { createReadStream, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { isFileMissing } from '../../gateway/errors/fileMissing.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/** A log that begins anew this often while it is copied belongs to a file that must be copied when less is going on. */
const TRIES_MAX = 20
/** The header of a write-ahead log: its salts are others each time when it begins anew (https://sqlite.org/fileformat2.html, section 4.1). */
const HEADER_BYTES = 32

/** Both files of one database. A file that begins again takes the place of what was said of it before. */
type DatabasePart = Readonly<{ kind: 'begin'; path: string }> | Readonly<{ kind: 'bytes'; bytes: Uint8Array }>

/**
 * A copy of a SQLite file in WAL mode at one of its commits, of which another process may have the only lock (rails do, so SQLite's own backup cannot open
 * theirs). First the file, then its log: what a checkpoint wrote into the file meanwhile is in the log too, and is put there again when the copy is opened,
 * as long as the log has not begun anew. Not to be called in the process that has the file open: POSIX drops its locks when any handle closes.
 */
export async function* copyDatabase(path: string): AsyncGenerator<DatabasePart> {
  const log = `${path}-wal`
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const before = await stateOf(path, log)
    for (const file of [path, log]) {
      yield { kind: 'begin', path: file }
      // A file that was closed well has no log.
      if (file === log && before.startsWith('none')) continue
      yield* bytesOf(file)
    }
    if ((await stateOf(path, log)) === before) return
  }
  throw new GatewayError('too_busy', `${path} changes faster than it can be copied`, {
    hint: 'No backup was made. Type the same again when less is going on.',
  })
}

/** What is another when the log has begun anew, or, without a log, when the file has changed. */
async function stateOf(path: string, log: string): Promise<string> {
  const header = await headerOf(log)
  if (header !== '') return header
  const { mtimeMs, size } = statSync(path)
  return `none ${mtimeMs} ${size}`
}

/** In hex; '' of a log that is not there, or is empty. */
async function headerOf(log: string): Promise<string> {
  let file: FileHandle
  try {
    file = await open(log, 'r')
  } catch (error) {
    if (isFileMissing(error)) return ''
    throw error
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    return buffer.subarray(0, bytesRead).toString('hex')
  } finally {
    await file.close()
  }
}

async function* bytesOf(file: string): AsyncGenerator<DatabasePart> {
  const stream = createReadStream(file)
  try {
    for await (const bytes of stream) yield { kind: 'bytes', bytes: bytes as Buffer } // A stream without an encoding.
  } catch (error) {
    // The log went away with the process that had it: the next look at it says so.
    if (!isFileMissing(error)) throw error
  }
}
