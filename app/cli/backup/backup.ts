import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { copyDatabase } from '../../../adapters/backupFile/databaseCopy.ts'
import { createSealed, type Sealing } from '../../../adapters/backupFile/sealed.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { JournalHead, JournalReader } from '../../../gateway/ports/journal.ts'
import { refuseUnfinished } from '../../open/restoredBooks.ts'
import { type LedgerFiles, ledgerFiles } from '../ledger/ledgerFiles.ts'
import { print } from '../print.ts'
import { dataFiles } from './dataFiles.ts'
import { type Frame, writeFrame } from './frames.ts'
import { readKeyFile } from './keyFile.ts'

type Options = Readonly<{ data: string; out: string; keyFile: string; json?: boolean | undefined }>

/** Writes a sealed copy of a data folder, whether its gateway runs or not. What is there already is never replaced. */
export async function backup({ data, out, keyFile, json }: Options): Promise<number> {
  const secret = readKeyFile(keyFile)
  refusePlace(data, out)
  refuseUnfinished(data)
  const files = ledgerFiles(data)
  const journal = files.journal()
  const sealing = await createSealed(out, secret).catch(async (error: unknown) => {
    await journal.close()
    throw error
  })
  try {
    const head = await copyAll(sealing, { data, files, journal })
    const bytes = await sealing.end()
    const made = { file: resolve(out), bytes, blocks: head.seq, head: Buffer.from(head.hash).toString('hex') }
    print({ json }, made, () =>
      [
        `${made.file}   ${bytes} bytes: the journal up to block ${head.seq}, keys, and the files of the rails`,
        'Not in it: the configuration and its secrets, the folder of the bank, a node of your own, a journal in PostgreSQL.',
        'Keep its key somewhere else. Of what is paid and received from now on it knows nothing.',
      ].join('\n'),
    )
    return 0
  } catch (error) {
    await sealing.abandon()
    throw error
  } finally {
    await journal.close()
  }
}

function refusePlace(data: string, out: string): void {
  if (existsSync(out)) throw new GatewayError('invalid_request', `${out}: file already exists`, { hint: 'Name another file.' })
  if (relative(resolve(data), resolve(out)).startsWith('..')) return
  throw new GatewayError('invalid_request', `A backup in ${data} is lost with it`, {
    hint: 'Name a file on another disk, or copy it to one.',
  })
}

/**
 * The journal first, because it is long and never changes what it has; then the rails' files, which are short; and last what the journal got meanwhile. So
 * the journal is never older than a rail's file: a rail's file gets an attempt after the journal has it, so each one that the copy of the file holds has its
 * payout in the copy of the journal. That a file may be older by some milliseconds is what restoring takes for granted.
 */
async function copyAll(sealing: Sealing, o: { data: string; files: LedgerFiles; journal: JournalReader }): Promise<JournalHead> {
  const write = (frame: Frame) => sealing.write(writeFrame(frame))
  await write({ kind: 'about', begunAt: Date.now() })
  const middle = await copyBlocks(o.journal, 0, write)
  for (const file of dataFiles(o.data)) {
    if (file.database) await copyDatabaseFile(file.path, o.data, write)
    else await copyFile(file, write)
  }
  const notes = o.files.checkpoints()
  const head = await copyBlocks(o.journal, middle.seq, write, middle)
  await write({ kind: 'end', madeAt: Date.now(), seq: head.seq, hash: Buffer.from(head.hash).toString('hex'), notes })
  return head
}

/** The blocks after `after` that are there when it begins; more come all the time. */
async function copyBlocks(
  journal: JournalReader,
  after: number,
  write: (frame: Frame) => Promise<void>,
  from: JournalHead = { seq: 0, hash: new Uint8Array(32) },
): Promise<JournalHead> {
  const { seq: last } = await journal.head()
  let head = from
  if (last === after) return head
  for await (const block of journal.read(after)) {
    if (block.seq !== head.seq + 1) throw new GatewayError('backup_unreadable', `The journal has no block ${head.seq + 1}`)
    await write({ kind: 'block', block })
    head = { seq: block.seq, hash: block.hash }
    if (block.seq === last) break
  }
  return head
}

async function copyFile({ name, path }: { name: string; path: string }, write: (frame: Frame) => Promise<void>): Promise<void> {
  const bytes = await readFile(path)
  await write({ kind: 'file', name })
  await write({ kind: 'bytes', bytes })
  await write({ kind: 'fileEnd', sha256: createHash('sha256').update(bytes).digest('hex') })
}

async function copyDatabaseFile(path: string, data: string, write: (frame: Frame) => Promise<void>): Promise<void> {
  let hash: ReturnType<typeof createHash> | undefined
  const end = async () => hash && write({ kind: 'fileEnd', sha256: hash.digest('hex') })
  for await (const part of copyDatabase(path)) {
    if (part.kind === 'bytes') {
      hash?.update(part.bytes)
      await write(part)
      continue
    }
    await end()
    hash = createHash('sha256')
    await write({ kind: 'file', name: relative(data, part.path) })
  }
  await end()
}
