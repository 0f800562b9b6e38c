import { GatewayError } from '../../errors/gatewayError.ts'

/** Files that are written at a time, of all callers and of each. */
const LIMITS = { all: 8, each: 2 }

/** Takes a turn for a caller and answers what gives it back. Throws `too_busy`. */
export type FileTurns = (caller: string) => () => void

/** Who reads slowly keeps its turn, and so a caller has only so many. */
export function createFileTurns({ all, each }: Readonly<{ all: number; each: number }> = LIMITS): FileTurns {
  const open = new Map<string, number>()
  let total = 0
  return (caller) => {
    const own = open.get(caller) ?? 0
    if (own >= each) throw new GatewayError('too_busy', `${each} files are being written for this caller already`)
    if (total >= all) throw new GatewayError('too_busy', `${all} files are being written already`)
    open.set(caller, own + 1)
    total += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      total -= 1
      const left = (open.get(caller) ?? 1) - 1
      if (left === 0) open.delete(caller)
      else open.set(caller, left)
    }
  }
}
