/**
 * Why a payment did not go by the best way. `start`: nobody had met enough yet. `unheard`: its rail had just failed, and no payment since then had its end.
 * `outage`: its rail had failed, and that could be known. `recovery`: the best rail had failed before, and has hardly been tried since. `away`: the best rail
 * had not been tried for long. `near`: all of that was not so, and two rails that are close were taken for each other.
 */
const CAUSES = ['start', 'unheard', 'outage', 'recovery', 'away', 'near'] as const
type Cause = (typeof CAUSES)[number]
export type Causes = Readonly<Record<Cause, number>>

/** Payments. */
const START = 250
const HARDLY_TRIED = 60
const LONG = 300

/** A payment as the truth had it: the place of the best rail and of the one that was tried first, which were down, and how much more often the best pays. */
type Tried = Readonly<{ n: number; best: number; place: number | undefined; down: readonly boolean[]; regret: number }>
/** `downSince`: the payment with which it failed; `tries`: since it was up again, endless where it never failed; `lastTry`: by its number. */
type Known = { downSince: number | undefined; tries: number; lastTry: number }

/** The regret of each payment is put down to one cause. `unheardFor`: so many payments are sent until the first has its end. */
export function createCauses(rails: number, { unheardFor }: Readonly<{ unheardFor: number }>) {
  const sums: Record<Cause, number> = { start: 0, unheard: 0, outage: 0, recovery: 0, away: 0, near: 0 }
  const known = Array.from({ length: rails }, (): Known => ({ downSince: undefined, tries: Number.POSITIVE_INFINITY, lastTry: 0 }))

  function follow({ n, down }: Tried): void {
    for (const [place, rail] of known.entries()) {
      if (down[place]) rail.downSince ??= n
      else if (rail.downSince !== undefined) Object.assign(rail, { downSince: undefined, tries: 0 })
    }
  }

  function causeOf({ n, best, place }: Tried): Cause {
    const since = place === undefined ? undefined : known[place]!.downSince
    if (since !== undefined) return n - since <= unheardFor ? 'unheard' : 'outage'
    if (n < START) return 'start'
    if (known[best]!.tries < HARDLY_TRIED) return 'recovery'
    return n - known[best]!.lastTry > LONG ? 'away' : 'near'
  }

  return {
    add(tried: Tried): void {
      follow(tried)
      if (tried.regret > 0) sums[causeOf(tried)] += tried.regret
      const rail = tried.place === undefined ? undefined : known[tried.place]!
      if (rail) Object.assign(rail, { tries: rail.tries + 1, lastTry: tried.n })
    },
    /** Of so many payments, as shares of one. */
    shares(payments: number): Causes {
      const share = (cause: Cause) => sums[cause] / payments
      const [start, unheard, outage] = [share('start'), share('unheard'), share('outage')]
      return { start, unheard, outage, recovery: share('recovery'), away: share('away'), near: share('near') }
    },
  }
}
