import type { AppAnswer } from '../../gateway/ports/walletApps.ts'

const ALL_MAX = 256
const PER_APP_MAX = 16

/** Runs requests, so many at a time; what does not fit is refused and not queued, because an app can ask again. */
export function workLimit(): (app: string, work: () => Promise<AppAnswer>) => Promise<AppAnswer> {
  const working = new Map<string, number>()
  let all = 0
  return async (app, work) => {
    const mine = working.get(app) ?? 0
    if (all >= ALL_MAX || mine >= PER_APP_MAX) return { error: { code: 'RATE_LIMITED', message: 'too many requests at a time' } }
    all++
    working.set(app, mine + 1)
    try {
      return await work()
    } finally {
      all--
      const left = (working.get(app) ?? 1) - 1
      if (left > 0) working.set(app, left)
      else working.delete(app)
    }
  }
}
