import type { AnswerOwner } from '../../gateway/ports/keptAnswers.ts'

/** How many bytes are kept of all answers, of those of one seller, and of those of one payer. `file`: each has it beside its bytes. */
export type Limits = Readonly<{ all: number; seller: number; payer: number; file: number }>

/** A gibibyte in all: one seller has half of it at most, one payer a sixteenth; 65,536 files in all. */
export const ROOM: Limits = { all: 1_073_741_824, seller: 536_870_912, payer: 67_108_864, file: 16_384 }

export type Shares = ReturnType<typeof createShares>

/** Counts what is kept, for all and for each payer and seller. `makeRoom` is asked once for what does not fit. */
export function createShares(limits: Limits, makeRoom: () => void) {
  const taken = new Map<string, number>()

  function countsOf({ payer, seller }: AnswerOwner): readonly (readonly [string, number])[] {
    return [
      ['all', limits.all],
      [`seller ${seller}`, limits.seller],
      [`payer ${payer}`, limits.payer],
    ]
  }

  function add(owner: AnswerOwner, bytes: number): void {
    for (const [name] of countsOf(owner)) {
      const now = (taken.get(name) ?? 0) + bytes
      if (now === 0) taken.delete(name)
      else taken.set(name, now)
    }
  }

  const fits = (owner: AnswerOwner, bytes: number) => countsOf(owner).every(([name, most]) => (taken.get(name) ?? 0) + bytes <= most)

  function hasRoom(owner: AnswerOwner, bytes: number): boolean {
    if (fits(owner, bytes)) return true
    makeRoom()
    return fits(owner, bytes)
  }

  return {
    hasRoom,
    take: add,
    /** Takes the room of a file of so many bytes; false where there is none. */
    takeFile(owner: AnswerOwner, bytes: number): boolean {
      if (!hasRoom(owner, bytes + limits.file)) return false
      add(owner, bytes + limits.file)
      return true
    },
    giveFile: (owner: AnswerOwner, bytes: number) => add(owner, -bytes - limits.file),
  }
}
