import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readSealed } from '../../../adapters/backupFile/sealed.ts'
import { openJournalReader } from '../../../adapters/journal/sqliteReader/openJournalReader.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { floorDivCount } from '../../../gateway/money/integers.ts'
import { unfinishedFile } from '../../open/restoredBooks.ts'
import { verifyBlocks, verifyText } from '../ledger/ledgerVerify.ts'
import { print } from '../print.ts'
import { distrust } from './distrust.ts'
import { readFrames } from './frames.ts'
import { readKeyFile } from './keyFile.ts'
import { type Unpacked, unpack } from './unpack.ts'

type Options = Readonly<{ data: string; keyFile: string; json?: boolean | undefined }>

const MINUTE_MS = 60_000
const HOUR_MINUTES = 60
const DAY_HOURS = 24

/** Puts a backup back into a new or empty folder: all of it, checked, or nothing. */
export async function restore(file: string, { data, keyFile, json }: Options): Promise<number> {
  const secret = readKeyFile(keyFile)
  refuseFull(data)
  // SQLite makes files with the rights that the shell gives.
  process.umask(0o077)
  const place = existsSync(data) ? emptyPlace(data) : newPlace(data)
  const { part } = place
  try {
    const unpacked = await unpack(readFrames(readSealed(file, secret)), part)
    const { madeAt } = unpacked.end
    const restoredAt = Date.now()
    if (restoredAt < madeAt) {
      throw new GatewayError('unsafe_configuration', `This machine's clock is behind the backup, which was made at ${timeText(madeAt)}`, {
        hint: 'Set the clock: what began before the backup is told from what begins now by its time.',
      })
    }
    const verdict = await verified(part, unpacked)
    const { node } = distrust(part, { madeAt, restoredAt })
    await syncFolders(part)
    await place.finish()
    const said = { data: resolve(data), madeAt: timeText(madeAt), blocks: unpacked.head.seq, lightningNodeClosed: node }
    print({ json }, said, () => `${verdict}\n\n${restoredText(said, { madeAt, restoredAt })}`)
    return 0
  } catch (error) {
    place.abandon()
    throw error
  }
}

function refuseFull(data: string): void {
  if (!existsSync(data) || readdirSync(data).length === 0) return
  const hint = existsSync(unfinishedFile(data))
    ? 'A restore was cut short there: when none is running, empty it and try again.'
    : 'Name a new folder: what is there stays as it is.'
  throw new GatewayError('invalid_request', `${data} is not empty`, { hint })
}

/** Where the backup is put and checked, and how that becomes the data folder or nothing. */
type Place = Readonly<{ part: string; finish: () => Promise<void>; abandon: () => void }>

function newPlace(data: string): Place {
  const part = `${resolve(data)}.part`
  if (existsSync(part)) {
    throw new GatewayError('invalid_request', `${part} is there already`, {
      hint: 'A restore that was cut short leaves it: when none is running, remove it and try again.',
    })
  }
  mkdirSync(part, { mode: 0o700 })
  return {
    part,
    async finish() {
      renameSync(part, data)
    },
    abandon: () => rmSync(part, { recursive: true, force: true }),
  }
}

/** A folder that is there may be a mount, which nothing can take the place of. No gateway starts in it while the mark stands. */
function emptyPlace(data: string): Place {
  const part = realpathSync(data)
  const mark = unfinishedFile(part)
  writeFileSync(mark, '', { flag: 'wx', flush: true })
  return {
    part,
    async finish() {
      rmSync(mark)
      await syncFolders(part)
    },
    abandon() {
      const made = readdirSync(part).map((name) => join(part, name))
      for (const path of made.filter((one) => one !== mark)) rmSync(path, { recursive: true, force: true })
      rmSync(mark, { force: true })
    },
  }
}

/** As `ledger verify` says it, with the head that the backup names and the checkpoints that were signed before it was made. */
async function verified(folder: string, { end, head }: Unpacked): Promise<string> {
  const journal = openJournalReader(join(folder, 'journal.db'))
  try {
    const { findings, witnesses } = await verifyBlocks(journal.read(0), { anchor: head, signed: end.notes })
    const ok = findings.wrong.length === 0 && witnesses.every(({ holds }) => holds)
    const text = verifyText(findings, witnesses, ok)
    if (!ok) throw new GatewayError('backup_unreadable', `The books in the backup do not agree with themselves:\n${text}\n`)
    return text
  } finally {
    await journal.close()
  }
}

/** Names are durable when their folder is. */
async function syncFolders(folder: string): Promise<void> {
  const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const path of [...inside.map(({ name }) => join(folder, name)), folder, dirname(folder)]) {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}

type Said = Readonly<{ data: string; madeAt: string; lightningNodeClosed: boolean }>

function restoredText({ data, madeAt, lightningNodeClosed }: Said, at: { madeAt: number; restoredAt: number }): string {
  return [
    `${data} is as it was at ${madeAt}, ${ageText(at.restoredAt - at.madeAt)} ago.`,
    `Paid or received after ${madeAt} is not in these books:`,
    '- The gateway that was copied must never start again: two would pay from one key.',
    '- What came in since is read from the rails at the first start, and credited.',
    '- What the bank reported since lies in its archive/: copy that into inbox/.',
    '- What was paid out since is missing at its rail: verify shows how much.',
    '- Who asks again for a payment that was made since is paid again: ask first.',
    '- Payouts that were open then are not sent again; each waits for a person:',
    '  payouts stuck lists them, and payouts end ends them.',
    ...(lightningNodeClosed
      ? [
          '- The embedded Lightning node stays closed: an older state of a channel is',
          '  punished. What to do is said on /readyz and in the log.',
        ]
      : []),
  ].join('\n')
}

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}

/** Whole units that have passed; a copy of this minute is not told as one of the minute before. */
function ageText(ms: number): string {
  const minutes = floorDivCount(ms, MINUTE_MS)
  if (minutes === 0) return 'less than a minute'
  const hours = floorDivCount(minutes, HOUR_MINUTES)
  if (hours < 2) return `${minutes} min`
  return hours < 2 * DAY_HOURS ? `${hours} h` : `${floorDivCount(hours, DAY_HOURS)} days`
}
