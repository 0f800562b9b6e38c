import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bank, BankReport } from './bank.ts'

/** Orders are read whole; a larger file stays where it is and is never executed. */
const FILE_BYTES_MAX = 10 * 1024 * 1024

/** The bank's side of the folders: takes order files from `outbox/` into `taken/`, puts reports into `inbox/` by one rename each. */
export async function openCounter(folder: string, bank: Bank) {
  const outbox = join(folder, 'outbox')
  const inbox = join(folder, 'inbox')
  const taken = join(folder, 'taken')
  for (const path of [outbox, inbox, taken]) await mkdir(path, { recursive: true })
  let last: Promise<unknown> = Promise.resolve()
  let written = 0

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
      const kept = join(taken, `${String(written).padStart(8, '0')}-${name}`)
      await rename(join(outbox, name), kept)
      const bytes = await readFile(kept)
      if (bytes.length <= FILE_BYTES_MAX) await deliver(bank.take(bytes.toString('utf8')))
    }
  }

  /** One thing at a time: a cycle never meets half an intake. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const run = last.then(work)
    last = run.catch(() => undefined)
    return run
  }

  return {
    open: () => inTurn(() => deliver([bank.openingStatement()])),
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
  }
}
