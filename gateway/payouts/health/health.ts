import { NANO_PER_UNIT } from '../../costs/nanoUsd.ts'
import type { NanoUsd } from '../../costs/policy.ts'
import { min } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Breaker, type Call, heard, type Rest, restOf, silent, WELL } from './breaker.ts'
import type { HealthPolicy } from './policy.ts'

/** A call that may be made. `heard` or `silent` once, whichever is first; `over` when nothing of it is under way any more. */
export type Turn = Readonly<{ heard(): void; silent(): void; over(): void }>

/** Why a call is not made now. */
export type NoTurn = Readonly<{ reason: 'rail_resting' | 'rail_busy'; detail: string }>

/** `worthNano`: what the payment is worth. `tells`: whether silence would say something of the rail. `host`: the payee's own server, which is asked first. */
type Asked = Readonly<{ call: Call; owner: string; worthNano: NanoUsd; tells: boolean; host?: string }>

/** How one rail does, for operators. */
export type RailHealth = Readonly<{
  rail: string
  state: 'well' | 'resting' | 'on_trial'
  callsUnderWay: number
  silences: number
  since?: string
  until?: string
  ofOneParty?: true
}>

/** Which rails may be called now. */
export type Health = Readonly<{
  turn(rail: string, asked: Asked): Turn | NoTurn
  /** True of a rail that has not been heard since it rested, until nothing has come for so long that any payment may try it. */
  onTrial(rail: string, owner: string): boolean
  report(): RailHealth[]
}>

type Line = {
  breaker: Breaker
  underWay: number
  readonly byOwner: Map<string, number>
  readonly byHost: Map<string, number>
  trial: boolean
}
type Parts = Readonly<{
  clock: Pick<Clock, 'now'>
  policy: HealthPolicy
  log: Readonly<Record<'info' | 'warn', (fields: object, text: string) => void>>
}>

const NANO_PER_USD = 1_000_000n * NANO_PER_UNIT

/** Breakers and bulkheads by rail. There are as many as rails are configured. */
export function createHealth({ clock, policy, log }: Parts): Health {
  const lines = new Map<string, Line>()

  function lineOf(rail: string): Line {
    const line = lines.get(rail) ?? { breaker: WELL, underWay: 0, byOwner: new Map(), byHost: new Map(), trial: false }
    lines.set(rail, line)
    return line
  }

  function change(rail: string, line: Line, next: Breaker): void {
    const [before, after] = [line.breaker.rest, next.rest]
    line.breaker = next
    if (after && after.until > clock.now() && after.until !== before?.until)
      log.warn({ rail, ...after }, 'a rail gives no answers and rests')
    if (before && !after) log.info({ rail, since: before.since }, 'a rail answers again')
  }

  /** Why this call must wait, in words. */
  function shut(rail: string, line: Line, { call, owner, worthNano, host }: Asked): NoTurn | undefined {
    if ((line.byOwner.get(owner) ?? 0) >= policy.callsMax - line.underWay) {
      return { reason: 'rail_busy', detail: `${line.underWay} calls to ${rail} are under way; it is tried again` }
    }
    const toHost = host === undefined ? 0 : (line.byHost.get(host) ?? 0)
    if (toHost >= min(policy.callsToHostMax, policy.callsMax - line.underWay))
      return { reason: 'rail_busy', detail: `${toHost} calls to ${host} are under way; it is tried again` }
    const rest = restOf(line.breaker, owner)
    if (!rest) return undefined
    const why = waits(rest, { call, worthNano, trial: line.trial }, { policy, now: clock.now() })
    return why === undefined
      ? undefined
      : { reason: 'rail_resting', detail: `${rail} gave no answer ${rest.silences} times in a row; ${why}` }
  }

  function take(rail: string, line: Line, { call, owner, tells, host }: Asked): Turn {
    const trial = restOf(line.breaker, owner)?.call === call
    let [told, ended] = [false, false]
    if (trial) line.trial = true
    count(line, { owner, host }, 1)
    const tell = (next: () => Breaker) => {
      if (told) return
      told = true
      if (trial) line.trial = false
      change(rail, line, next())
    }
    return {
      heard: () => tell(() => heard(line.breaker, { call, now: clock.now() })),
      silent: () => tell(() => (tells ? silent(line.breaker, { call, owner, now: clock.now() }, { policy, trial }) : line.breaker)),
      over() {
        if (ended) return
        ended = true
        count(line, { owner, host }, -1)
        // One that was never made tells nothing.
        tell(() => line.breaker)
      },
    }
  }

  return {
    turn(rail, asked) {
      const line = lineOf(rail)
      return shut(rail, line, asked) ?? take(rail, line, asked)
    },
    onTrial(rail, owner) {
      const rest = restOf(lines.get(rail)?.breaker ?? WELL, owner)
      return rest !== undefined && clock.now() < rest.until + policy.trialAnyMs
    },
    report: () => [...lines].map(([rail, line]) => view(rail, line, clock.now())),
  }
}

/** Why a call to a rail that has rested is not made now; undefined when it may be. `trial`: another call tries it. */
function waits(
  rest: Rest,
  { call, worthNano, trial }: Pick<Asked, 'call' | 'worthNano'> & { trial: boolean },
  { policy, now }: { policy: HealthPolicy; now: number },
): string | undefined {
  if (now < rest.until) return `it is tried again from ${new Date(rest.until).toISOString()}`
  const small = worthNano <= policy.trialNanoMax || now >= rest.until + policy.trialAnyMs
  if (rest.call === 'send' && !small) return `payments of up to ${policy.trialNanoMax / NANO_PER_USD} USD try it first, one at a time`
  return trial && rest.call === call ? 'another payment tries it just now' : undefined
}

function count(line: Line, { owner, host }: Readonly<{ owner: string; host: string | undefined }>, by: 1 | -1): void {
  line.underWay += by
  add(line.byOwner, owner, by)
  if (host !== undefined) add(line.byHost, host, by)
}

function add(counts: Map<string, number>, name: string, by: 1 | -1): void {
  const own = (counts.get(name) ?? 0) + by
  if (own > 0) counts.set(name, own)
  else counts.delete(name)
}

function view(rail: string, { breaker, underWay }: Line, now: number): RailHealth {
  const { rest, silences } = breaker
  const known = { rail, callsUnderWay: underWay }
  if (!rest) return { ...known, state: 'well', silences: silences.terms.count + silences.send.count }
  return {
    ...known,
    state: now < rest.until ? 'resting' : 'on_trial',
    silences: rest.silences,
    since: new Date(rest.since).toISOString(),
    until: new Date(rest.until).toISOString(),
    ...(rest.of !== undefined && { ofOneParty: true as const }),
  }
}
