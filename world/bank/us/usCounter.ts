import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { createUsBank, UsReport } from './usBank.ts'

/** The bank's side of the folders: takes files from `outbox/` into `taken/`, puts reports into `inbox/` by one rename each. */
export async function openUsCounter(folder: string, bank: ReturnType<typeof createUsBank>) {
  const places = { outbox: join(folder, 'outbox'), inbox: join(folder, 'inbox'), taken: join(folder, 'taken') }
  for (const path of Object.values(places)) await mkdir(path, { recursive: true })
  let written = 0

  async function deliver(reports: readonly UsReport[]): Promise<void> {
    for (const { kind, text } of reports) {
      written += 1
      const name = `${String(written).padStart(8, '0')}.${kind}`
      await writeFile(join(places.inbox, `.${name}.tmp`), text)
      await rename(join(places.inbox, `.${name}.tmp`), join(places.inbox, name))
    }
  }

  /** Takes what lies in the outbox; returns the texts of the files. */
  async function collect(): Promise<string[]> {
    const names = (await readdir(places.outbox)).filter((name) => /^[^.].*\.ach$/.test(name)).sort()
    const texts: string[] = []
    for (const name of names) {
      const text = await readFile(join(places.outbox, name), 'latin1')
      await rename(join(places.outbox, name), join(places.taken, name))
      await deliver(bank.take(text))
      texts.push(text)
    }
    return texts
  }

  return {
    collect,
    deliver,
    /** Ends the bank's day. */
    async dayEnd(): Promise<void> {
      await collect()
      await deliver(bank.dayEnd())
    },
  }
}
