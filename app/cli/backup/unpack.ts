import { createHash, type Hash } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { createJournalCopy } from '../../../adapters/journal/sqlite/createJournalCopy.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { JournalHead } from '../../../gateway/ports/journal.ts'
import type { Frame } from './frames.ts'

type End = Extract<Frame, { kind: 'end' }>

/** What a folder was made of. */
export type Unpacked = Readonly<{ end: End; head: JournalHead; lastBlockAt: bigint }>

/** Writes what a backup holds into an empty folder, durable when it returns. Throws `backup_unreadable` when anything is not as it was written. */
export async function unpack(frames: AsyncIterable<Frame>, folder: string): Promise<Unpacked> {
  const journal = createJournalCopy(join(folder, 'journal.db'))
  let lastBlockAt = 0n
  let file: OpenFile | undefined
  let end: End | undefined
  try {
    for await (const frame of frames) {
      if (end) throw wrong('goes on behind its end')
      if (frame.kind === 'block') {
        journal.add(frame.block)
        lastBlockAt = frame.block.at
      } else if (frame.kind === 'file') file = openNew(folder, frame.name)
      else if (frame.kind === 'bytes') file?.write(frame.bytes)
      else if (frame.kind === 'fileEnd') {
        if (file?.end() !== frame.sha256) throw wrong(`has another content than it should in ${file?.name}`)
        file = undefined
      } else if (frame.kind === 'end') end = frame
    }
    if (!end) throw wrong('has no end')
    const head = journal.end()
    if (head.seq !== end.seq || Buffer.from(head.hash).toString('hex') !== end.hash) throw wrong('has another journal than it should')
    return { end, head, lastBlockAt }
  } catch (error) {
    file?.end()
    journal.abandon()
    throw error
  }
}

type OpenFile = Readonly<{ name: string; write: (bytes: Uint8Array) => void; end: () => string }>

/** A file that only its owner can read; it takes the place of what an earlier frame said of it. `end` answers with its hash. */
function openNew(folder: string, name: string): OpenFile {
  if (normalize(name) !== name || name.startsWith('/') || name.startsWith('..')) throw wrong(`names a file outside of its folder: ${name}`)
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const handle = openSync(path, 'w', 0o600)
  const hash: Hash = createHash('sha256')
  return {
    name,
    write(bytes) {
      hash.update(bytes)
      writeSync(handle, bytes)
    },
    end() {
      fsyncSync(handle)
      closeSync(handle)
      return hash.digest('hex')
    },
  }
}

function wrong(what: string): GatewayError {
  return new GatewayError('backup_unreadable', `The backup ${what}`)
}
