import { setTimeout as pause } from 'node:timers/promises'
import type { Turns } from '../claim/turns.ts'
import { type Room, spent } from './limits.ts'

/** So long a request waits until others have let go of what it needs, and so often it looks. */
const FREE_MS_MAX = 20_000
const LOOK_MS = 20

/** A pass or a part of one, of which a request needs so much. */
type Needed = Readonly<{ key: string; needs: bigint; room: () => Room }>

/**
 * Work that is metered holds its maximum, of which most comes back: so where others hold what this one needs, it waits for them, one after the other. It waits
 * for the part that its holder was given before it waits for what that is a part of: so a part has one place in the line of the others, however often it is
 * shown. What will never be enough waits nowhere. Answers how to leave all lines; throws `token_spent` and `too_busy`, and has left them then.
 */
export async function inLines(turns: Turns, name: string, needed: readonly Needed[]): Promise<() => void> {
  const entered: (() => void)[] = []
  const leave = () => {
    for (const one of entered.splice(0)) one()
  }
  const waited = { ms: 0 }
  try {
    for (const one of needed) refuseShort(one)
    for (const one of needed) {
      entered.push((await turns.enter(one.key, { name, isNext: () => false })).leave)
      await untilFree(one, waited)
    }
    return leave
  } catch (error) {
    leave()
    throw error
  }
}

function refuseShort({ needs, room }: Needed): void {
  if (room().all < needs) throw spent()
}

async function untilFree(one: Needed, waited: { ms: number }): Promise<void> {
  for (;;) {
    refuseShort(one)
    const { all, held } = one.room()
    if (all - held >= one.needs) return
    if (waited.ms >= FREE_MS_MAX) throw spent()
    await pause(LOOK_MS)
    waited.ms += LOOK_MS
  }
}
