import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import { newSecret } from './secret.ts'

/** Of everybody, and of one holder: for the next of his ends the oldest of the key that has most of them. */
const SESSIONS_MAX = 2_000
const SESSIONS_OF_ONE_MAX = 20
/** A working day; and nobody is there any more after so long without a request. */
const LIFE_MS = 8 * 3_600_000
const IDLE_MS = 3_600_000

/**
 * A browser that is logged in. `secret` is what this process asks its own API with, and never leaves it; `formToken` stands in every form; `keyHash` is the
 * key that was logged in with, on whose rights and life it depends.
 */
export type Session = Readonly<{ holder: string; keyHash: string; secret: string; formToken: string; openedAt: number }>
type Kept = Session & { usedAt: number; readonly cookie: string }

export type Sessions = ReturnType<typeof createSessions>

/** Sessions of browsers, in memory: a restart ends them all. The cookie's value is kept as its hash. */
export function createSessions({ clock }: Readonly<{ clock: Clock }>) {
  const byCookie = new Map<string, Kept>()
  const bySecret = new Map<string, Kept>()

  function drop(session: Kept): void {
    byCookie.delete(session.cookie)
    bySecret.delete(session.secret)
  }

  function live(session: Kept | undefined): Kept | undefined {
    if (session === undefined) return undefined
    const now = clock.now()
    if (now - session.openedAt < LIFE_MS && now - session.usedAt < IDLE_MS) return session
    drop(session)
    return undefined
  }

  function makeRoom(holder: string): void {
    for (const session of byCookie.values()) live(session)
    const his = [...byCookie.values()].filter((session) => session.holder === holder)
    if (his.length >= SESSIONS_OF_ONE_MAX) drop(oldestOfFullest(his))
    // The oldest of all, where there is no room for one more.
    const [oldest] = byCookie.values()
    if (byCookie.size >= SESSIONS_MAX && oldest) drop(oldest)
  }

  return {
    /** Opens one for the holder of a key. Answers the cookie's value, this once. */
    open(holder: string, keyHash: string): string {
      makeRoom(holder)
      const value = random()
      const now = clock.now()
      const session = { holder, keyHash, secret: newSecret(), formToken: random(), openedAt: now, usedAt: now, cookie: hashOf(value) }
      byCookie.set(session.cookie, session)
      bySecret.set(session.secret, session)
      return value
    },
    /** The session of a cookie, while it lasts. Whoever asks is there. */
    ofCookie(value: string): Session | undefined {
      const session = live(byCookie.get(hashOf(value)))
      if (session) session.usedAt = clock.now()
      return session
    },
    /** The hash of the key that a session's own secret stands for. */
    keyHashOf: (secret: string): string | undefined => live(bySecret.get(secret))?.keyHash,
    end(session: Session): void {
      const kept = bySecret.get(session.secret)
      if (kept) drop(kept)
    },
  }
}

/** Of the key that has most of these, its oldest: they are in the order in which they were opened. */
function oldestOfFullest(sessions: readonly Kept[]): Kept {
  const count = ({ keyHash }: Kept) => sessions.filter((one) => one.keyHash === keyHash).length
  return sessions.reduce((fullest, one) => (count(one) > count(fullest) ? one : fullest))
}

function random(): string {
  return randomBytes(32).toString('base64url')
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}
