import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { LedgerEngine } from '../../gateway/ports/ledger.ts'

/** Where a process dies: at which of its calls of the journal and the engine that change something, before the call has its effect or after. */
export type Death = Readonly<{ call: number; moment: 'before' | 'after' }>

/** The journal and the engine as a process sees them that dies on the way: from then on nothing that it does has an effect, and no call returns. */
export type DyingProcess = Readonly<{ journal: JournalStore; engine: LedgerEngine; died: Promise<void>; calls: () => number }>

export function dyingProcess(journal: JournalStore, engine: LedgerEngine, death: Death): DyingProcess {
  let calls = 0
  let dead = false
  let die = (): void => {}
  const died = new Promise<void>((resolve) => {
    die = resolve
  })
  const never = new Promise<never>(() => {})

  function end(): Promise<never> {
    dead = true
    die()
    return never
  }

  async function change<T>(apply: () => Promise<T>): Promise<T> {
    if (dead) return never
    calls += 1
    const last = calls === death.call
    if (last && death.moment === 'before') return end()
    const result = await apply()
    return last ? end() : result
  }

  async function look<T>(apply: () => Promise<T>): Promise<T> {
    return dead ? never : apply()
  }

  return {
    died,
    calls: () => calls,
    journal: { ...journal, append: (block) => change(() => journal.append(block)), close: async () => undefined },
    engine: {
      createAccounts: (batch) => change(() => engine.createAccounts(batch)),
      createTransfers: (batch, options) => change(() => engine.createTransfers(batch, options)),
      lookupAccounts: (ids) => look(() => engine.lookupAccounts(ids)),
      lookupTransfers: (ids) => look(() => engine.lookupTransfers(ids)),
      close: async () => undefined,
    },
  }
}
