import { min } from '../../money/integers.ts'
import type { Pass } from './pass.ts'

/** Tried again after this, and each time after twice as long, up to the other. */
const AGAIN_AFTER_MS = 10_000
const AGAIN_AFTER_MS_MAX = 3_600_000

type Wait = Readonly<{ waitMs: number; until: number }>

/** In which order passes are ended: what could not be ended waits longer each time, and behind the others, so that it keeps nobody. */
export function createTurns() {
  /** As many as are open at most. */
  const failed = new Map<string, Wait>()
  const waitMsOf = ({ id }: Pass): number => failed.get(id)?.waitMs ?? 0

  return {
    /** Those whose turn it is, who have failed least before the others. */
    inOrder: (due: readonly Pass[], now: number): readonly Pass[] =>
      due.filter(({ id }) => (failed.get(id)?.until ?? now) <= now).sort((a, b) => waitMsOf(a) - waitMsOf(b)),
    ended: (pass: Pass): void => void failed.delete(pass.id),
    /** True where it has failed for the first time, or for so long that somebody must look. */
    failed(pass: Pass, now: number): boolean {
      const before = waitMsOf(pass)
      const waitMs = before === 0 ? AGAIN_AFTER_MS : min(before * 2, AGAIN_AFTER_MS_MAX)
      failed.set(pass.id, { waitMs, until: now + waitMs })
      return before === 0 || waitMs === AGAIN_AFTER_MS_MAX
    },
    /** How many could not be ended yet. */
    count: (): number => failed.size,
  }
}
