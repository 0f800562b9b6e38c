import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { bankDayFrom } from '../../gateway/payouts/calendar/bankDays.ts'
import type { BankReport } from './bank.ts'
import type { recordedBank } from './recordedBank.ts'

/** Orders are read whole; a larger file stays where it is and is never executed. */
const FILE_BYTES_MAX = 10 * 1024 * 1024
/** Days that one call ends: more than the banking days of a year. */
const DAYS_MAX = 300

/** The bank's side of the folders: takes order files from `outbox/` into `taken/`, puts reports into `inbox/` by one rename each. */
export async function openCounter(folder: string, { bank, left }: ReturnType<typeof recordedBank>) {
  const outbox = join(folder, 'outbox')
  const inbox = join(folder, 'inbox')
  const taken = join(folder, 'taken')
  for (const path of [outbox, inbox, taken]) await mkdir(path, { recursive: true })
  let last: Promise<unknown> = Promise.resolve()
  let written = left.written

  async function deliver(reports: readonly BankReport[]): Promise<void> {
    for (const { kind, text } of reports) {
      written += 1
      const name = `${String(written).padStart(8, '0')}-${kind}.xml`
      const unfinished = join(inbox, `.${name}.tmp`)
      const handle = await open(unfinished, 'w')
      try {
        await handle.writeFile(text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(unfinished, join(inbox, name))
    }
  }

  async function collect(): Promise<void> {
    const names = (await readdir(outbox, { withFileTypes: true })).filter((f) => f.isFile() && /^[^.].*\.xml$/.test(f.name))
    for (const { name } of names) {
      const bytes = await readFile(join(outbox, name))
      const text = bytes.toString('utf8')
      const kept = join(taken, `${String(written).padStart(8, '0')}-${name}`)
      // A process before this one may have been killed between taking it and moving it.
      const reports = bytes.length > FILE_BYTES_MAX || text === left.lastTaken ? [] : bank.take(text)
      await rename(join(outbox, name), kept)
      await deliver(reports)
    }
  }

  /** One thing at a time: a cycle never meets half an intake. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const run = last.then(work)
    last = run.catch(() => undefined)
    return run
  }

  return {
    outbox,
    /** A new bank begins with its first statement; one that goes on writes again what its last step may not have written, under the same names. */
    open: () => inTurn(() => deliver(left.last.length + left.written === 0 ? [bank.openingStatement()] : left.last)),
    collect: () => inTurn(collect),
    cycle: () =>
      inTurn(async () => {
        await collect()
        await deliver(bank.cycle())
      }),
    dayEnd: () =>
      inTurn(async () => {
        await collect()
        await deliver([...bank.cycle(), ...bank.dayEnd()])
      }),
    /** Ends its days one by one until it has the date of this time (ms). */
    moveTo: (at: number) =>
      inTurn(async () => {
        const today = bankDayFrom('target', new Date(at).toISOString().slice(0, 10))
        await collect()
        bank.moveTo(at)
        for (let days = 0; bank.date() < today && days < DAYS_MAX; days += 1) await deliver([...bank.cycle(), ...bank.dayEnd()])
      }),
  }
}
