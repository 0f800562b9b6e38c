import { min } from '../../money/integers.ts'
import type { HealthPolicy } from './policy.ts'

/** What is asked of a rail: the terms of a payment, or to send one. */
export type Call = 'terms' | 'send'

/** Calls without an answer, one after the other. `of`: the one party whose they all were; undefined where they were of several. */
type Silences = Readonly<{ count: number; of: string | undefined }>

/**
 * A rail rests until then for `of` alone, or for all; then it is on trial. `call`: what is tried first. Terms that are answered lead to the trial of a payment,
 * and a payment that is answered ends the rest. Times in ms.
 */
export type Rest = Readonly<{ call: Call; silences: number; since: number; until: number; lastsMs: number; of: string | undefined }>

export type Breaker = Readonly<{ silences: Readonly<Record<Call, Silences>>; rest: Rest | undefined }>

const NONE: Silences = { count: 0, of: undefined }
export const WELL: Breaker = { silences: { terms: NONE, send: NONE }, rest: undefined }

type Told = Readonly<{ call: Call; owner: string; now: number }>

/** The breaker after a call that was answered, with whatever word. */
export function heard({ silences, rest }: Breaker, { call, now }: Pick<Told, 'call' | 'now'>): Breaker {
  const next = { ...silences, [call]: NONE }
  if (!rest || call === 'send') return { silences: next, rest: undefined }
  return { silences: next, rest: rest.call === 'terms' ? { ...rest, call: 'send', until: now } : rest }
}

/**
 * The breaker after a call without an answer. A row of silences that were all of one party's calls shuts the rail for that party alone: what it pays may be the
 * reason. `trial`: the call was let through to see whether the rail is back.
 */
export function silent({ silences, rest }: Breaker, { call, owner, now }: Told, o: { policy: HealthPolicy; trial: boolean }): Breaker {
  const { policy } = o
  const before = silences[call]
  const row = { count: before.count + 1, of: before.count === 0 || before.of === owner ? owner : undefined }
  return { silences: { ...silences, [call]: row }, rest: rested() }

  function rested(): Rest | undefined {
    if (!rest) return row.count < policy.silencesMax ? undefined : restFor(policy.restMinMs, { call, since: now, of: row.of })
    const wider = { ...rest, of: rest.of === owner ? owner : undefined }
    return o.trial ? restFor(min(2 * rest.lastsMs, policy.restMaxMs), { ...wider, call: rest.call }) : wider
  }

  function restFor(lastsMs: number, known: Pick<Rest, 'call' | 'since' | 'of'>): Rest {
    return { call: known.call, silences: row.count, since: known.since, until: now + lastsMs, lastsMs, of: known.of }
  }
}

/** The rest that stands in this party's way. */
export function restOf({ rest }: Breaker, owner: string): Rest | undefined {
  return rest && (rest.of === undefined || rest.of === owner) ? rest : undefined
}
