import type { JournalStore } from '../../gateway/ports/journal.ts'

/** Where a process dies at one append: before the block is durable, or after, and before anyone is told. */
export type DeathAt = Readonly<{ append: number; moment: 'before' | 'after' }>

/** The same journal, as a process sees it that dies at one of its appends: from then on nothing that it does has an effect. */
export function stoppingJournal(
  journal: JournalStore,
  death: DeathAt,
): { journal: JournalStore; died: Promise<void>; appends: () => number } {
  let appends = 0
  let die = (): void => {}
  const died = new Promise<void>((resolve) => {
    die = resolve
  })
  const never = new Promise<never>(() => {})
  return {
    died,
    appends: () => appends,
    journal: {
      ...journal,
      async append(block) {
        appends++
        if (appends > death.append) return never
        if (appends === death.append && death.moment === 'before') {
          die()
          return never
        }
        await journal.append(block)
        if (appends < death.append) return
        die()
        return never
      },
      close: async () => {},
    },
  }
}
