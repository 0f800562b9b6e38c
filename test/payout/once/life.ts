import { isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { CreatePayout } from '../../../gateway/payouts/payoutState/createPayoutCommand.ts'
import { payoutPolicy } from '../../../gateway/payouts/payoutState/policy.ts'
import type { IdSource } from '../../../gateway/ports/clock.ts'
import type { JournalStore } from '../../../gateway/ports/journal.ts'
import type { Sender } from '../../../gateway/ports/sender.ts'
import type { Dice } from '../../memory/dice.ts'
import { boot, type Rails, type World } from '../payoutWorld.ts'
import { type DeathAt, stoppingJournal } from '../stoppingJournal.ts'
import type { VirtualTime } from '../virtualTime.ts'

/** What outlives each process: the journal, the rails, and those outside who remember what they were told. */
export type Outside = Readonly<{
  dice: Dice
  time: VirtualTime
  journal: JournalStore
  rails: Rails
  senders: readonly Sender[]
  ids: IdSource
  /** What a caller wants, with the moment at which it asks first. */
  wanted: readonly Readonly<{ at: number; command: CreatePayout & { id: `po_${string}` } }>[]
  acknowledged: Set<string>
  /** What callers were told of the end of their payouts. */
  ends: Map<string, string>
  /** How often a process died while a payout waited for the cheapest time, or for its planned way. */
  waiting: { time: number; way: number }
  /** What must not be. */
  wrong: string[]
}>

/** When a process dies at the latest, and whether it dies at an append before. The last one lives until all has its end. */
export type Fate = Readonly<{ death: DeathAt | undefined; livesMs: number }> | 'last'

const STEP_MS = 5_000
/** A planned way is waited for so long that a process may well die meanwhile. */
const POLICY = { ...payoutPolicy, waitForPlannedMs: 300_000 }
const DAY_MS = 86_400_000
/** In which a rail is asked again for what persons have ended. */
const LOOKS_MS = 900_000
const NO_DEATH: DeathAt = { append: Number.POSITIVE_INFINITY, moment: 'before' }

/** One process from its start to its death; answers the last one, alive. */
export async function live(outside: Outside, fate: Fate): Promise<World | undefined> {
  const { time, dice } = outside
  const isLast = fate === 'last'
  const process = { alive: true }
  const stopping = stoppingJournal(outside.journal, (isLast ? undefined : fate.death) ?? NO_DEATH)
  void stopping.died.then(() => {
    process.alive = false
  })
  const began = time.now()
  const w = await started(outside, process, stopping.journal)
  const until = began + (isLast ? DAY_MS : fate.livesMs)
  while (w && process.alive && time.now() < until) {
    ask(outside, process, w)
    if (!isLast && dice.percent(3)) rule(outside, w)
    if (!isLast && dice.percent(2)) cancel(outside, process, w)
    await time.turn()
    const next = time.now() + STEP_MS
    while (process.alive && (await time.step(next))) {}
    if (process.alive) time.jump(next)
    if (process.alive) hear(outside, w)
    const isOver = outside.wanted.every(({ command }) => outside.ends.has(command.id))
    if (isOver && (!isLast || time.now() > began + LOOKS_MS)) break
  }
  if (isLast) return w
  if (w) countWaiting(outside, w)
  process.alive = false
  return undefined
}

/** What waits when its process dies, with nothing tried. */
function countWaiting({ wanted, waiting }: Outside, { payouts }: World): void {
  for (const { command } of wanted) {
    const view = payouts.find(command.id)
    if (!view || view.attempts.length > 0) continue
    if (view.status === 'scheduled') waiting.time++
    if (view.status !== 'processing' || view.decisionId === undefined) continue
    if (payouts.decision(view.decisionId).candidates.some(({ reason }) => reason === 'waits_for_planned')) waiting.way++
  }
}

async function started(outside: Outside, process: { alive: boolean }, journal: JournalStore): Promise<World | undefined> {
  const { time, rails, ids, wrong } = outside
  let world: World | undefined
  const senders = outside.senders.map((sender) => whileAlive(process, sender))
  const onFatal = (error: unknown) => {
    if (process.alive) wrong.push(`the service stopped: ${String(error)}`)
  }
  void boot({ rails, journal, clock: { now: time.now }, policy: POLICY, senders, ids, onFatal }).then(async (w) => {
    for (const id of outside.acknowledged) if (!w.payouts.find(id)) wrong.push(`${id} was acknowledged, and is forgotten`)
    for (const [id, end] of outside.ends)
      if (w.payouts.get(id).status !== end) wrong.push(`${id} was ${end}, and is ${w.payouts.get(id).status}`)
    // It resolves when each has had a round, in which a rail may keep its whole deadline.
    void w.payouts.resume()
    world = w
  })
  while (process.alive && !world) await time.turn()
  return world
}

/** The same rail, as a process sees it: once that is dead nothing reaches the rail any more, nor comes back. */
function whileAlive(process: { alive: boolean }, sender: Sender): Sender {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!process.alive) return new Promise<never>(() => {})
    try {
      return await work()
    } finally {
      if (!process.alive) await new Promise<never>(() => {})
    }
  }
  return {
    ...sender,
    estimate: (query) => call(() => sender.estimate(query)),
    send: (attempt, o) => call(() => sender.send(attempt, o)),
    lookup: (id, sent) => call(() => sender.lookup(id, sent)),
  }
}

/** Callers ask under the same id until they have an answer. */
function ask({ time, wanted, acknowledged, wrong }: Outside, process: { alive: boolean }, { payouts }: World): void {
  for (const { at, command } of wanted) {
    if (at > time.now() || acknowledged.has(command.id)) continue
    void payouts.create(command).then(
      () => void (process.alive && acknowledged.add(command.id)),
      (error: unknown) => {
        if (process.alive && !isGatewayError(error)) wrong.push(`${command.id} was not made: ${String(error)}`)
      },
    )
  }
}

/** Somebody wants something not to be paid after all. */
function cancel({ dice, acknowledged, wrong }: Outside, process: { alive: boolean }, { payouts }: World): void {
  if (acknowledged.size === 0) return
  const id = dice.pick([...acknowledged])
  payouts.cancel(id, { by: 'test', along: () => ({ claims: [], facts: [] }) }).catch((error: unknown) => {
    if (process.alive && !isGatewayError(error)) wrong.push(`${id} was not canceled: ${String(error)}`)
  })
}

function hear({ ends, acknowledged, wrong }: Outside, { payouts }: World): void {
  for (const id of acknowledged) {
    const status = payouts.find(id)?.status
    if (status !== 'settled' && status !== 'failed') continue
    const before = ends.get(id)
    if (before !== undefined && before !== status) wrong.push(`${id} was ${before}, and is ${status}`)
    ends.set(id, status)
  }
}

/** A person ends what is stuck, and may be wrong. */
function rule({ dice, time }: Outside, { payouts, books }: World): void {
  for (const { id, attempts } of payouts.stuck({ limit: 10 })) {
    const attempt = attempts.find(({ stuck, byHand }) => stuck && !byHand)
    if (!attempt) continue
    const outcome = dice.percent(50) ? ('settled' as const) : ('failed' as const)
    const said = { outcome, action: `sa_${attempt.id.slice(3)}`, by: 'anna', reason: 'it seems so', at: time.now() } as const
    const ruling = payouts.byHand.ruling(id, attempt.id, outcome === 'settled' ? { ...said, evidence: `${attempt.id} seen` } : said)
    void books.submit(ruling).then(() => payouts.byHand.goOn(id))
  }
}
