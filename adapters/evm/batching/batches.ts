import type { Clock } from '../../../gateway/ports/clock.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Action, ActionTable } from '../sending/actionTable.ts'
import type { Gatherer, GathererTools } from '../sending/gatherer.ts'
import { type BatchRow, type RowKind, rowOf } from './batchRow.ts'
import { type BatchSenderParts, createBatchSender } from './batchSender.ts'
import { createWaitingRows } from './waitingRows.ts'

export type BatchParts = Omit<BatchSenderParts, 'isClosed'> & Readonly<{ actions: ActionTable; clock: Clock; kick: () => void }>

/** Nobody's authorization waits longer for company while the chain is slow. */
const GATHER_MS_MAX = 2_000
/** For what somebody waits for: so long after the last transaction, for each that is not mined yet, so that they stay few. */
const PRESSED_STEP_MS = 10
const PRESSED_MS_MAX = 500
const LOOK_AGAIN_MS = 20
/** After a silence of the node, or when the lane gives no nonce. */
const PAUSE_MS = 1_000
/** Prepared at a time: one may be simulated while another is signed. */
const PREPARED_MAX = 2
const KINDS: readonly RowKind[] = ['transfer', 'receive']

/**
 * Collections in company. While nothing of ours is unmined the next goes at once; else rows wait until the transaction before them is mined, until they fill
 * one, or two seconds at most, so that the busier it is the more go together. Each row is simulated with its company; what is refused there goes alone.
 */
export function createBatches(parts: BatchParts, { alone, sent }: GathererTools): Gatherer {
  const { actions, clock } = parts
  const waiting = createWaitingRows()
  const singles = createSingles(alone)
  let closed = false
  let lastAt = 0
  let timer: NodeJS.Timeout | undefined
  const sender = createBatchSender({ ...parts, isClosed: () => closed })
  const carriage = createCarriage({ ...parts, waiting, singles, sender, sent, done: () => pumpIn(0) })

  function pump(): void {
    timer = undefined
    for (const kind of KINDS) {
      while (!closed && carriage.hasRoom() && isDue(waiting, sender, { ...carriage.now(), kind, lastAt })) {
        lastAt = clock.now()
        void carriage.prepare(kind, waiting.take(kind, sender.sizeOf(kind), lastAt))
      }
    }
    if (KINDS.some((kind) => waiting.count(kind) > 0)) pumpIn(LOOK_AGAIN_MS)
  }

  function pumpIn(ms: number): void {
    if (timer === undefined && !closed) timer = setTimeout(pump, ms)
  }

  const holds = (id: string) => waiting.has(id) || carriage.has(id)
  return {
    take(action: Action, { urgent }) {
      const { id } = action
      if (closed || singles.has(id)) return false
      if (urgent) waiting.press(id)
      if (holds(id)) return true
      const row = rowOf(action, { since: clock.now(), urgent, rowsMax: actions.companyOf(id) ?? Number.POSITIVE_INFINITY })
      if (!row || (row.kind === 'transfer' && !parts.batch)) return false
      waiting.add(row)
      pumpIn(0)
      return true
    },
    holds,
    forget: singles.forget,
    close() {
      closed = true
      clearTimeout(timer)
    },
    idle: () => carriage.isIdle() && singles.idle(),
  }
}

type CarriageParts = BatchParts &
  Readonly<{
    waiting: ReturnType<typeof createWaitingRows>
    singles: ReturnType<typeof createSingles>
    sender: ReturnType<typeof createBatchSender>
    sent: (id: string) => void
    /** There is room for another. */
    done: () => void
  }>

/** The rows that are on their way from waiting into a transaction. */
function createCarriage(parts: CarriageParts) {
  const { actions, clock, waiting, singles, sender } = parts
  const moving = new Set<string>()
  let preparing = 0
  let pausedUntil = 0

  /** They have their turn again. */
  const wait = (rows: readonly BatchRow[]) => rows.filter(({ id }) => actions.stateOf(id) === 'open').forEach(waiting.add)

  async function carry(kind: RowKind, rows: readonly BatchRow[]): Promise<void> {
    const carried = await sender.carry(kind, rows)
    singles.go(carried.alone)
    wait(carried.later)
    for (const { id } of carried.sent) parts.sent(id)
    if (carried.sent.length > 0) parts.kick()
    if (carried.refusal === undefined) return
    pausedUntil = clock.now() + PAUSE_MS
    parts.log(carried.refusal === 'price' ? 'debug' : 'error', 'the lane gives no nonce', { why: carried.refusal, rows: rows.length })
  }

  return {
    hasRoom: (): boolean => preparing < PREPARED_MAX,
    isIdle: (): boolean => preparing === 0,
    has: (id: string): boolean => moving.has(id),
    now: () => ({ now: clock.now(), idle: preparing === 0, pausedUntil }),
    async prepare(kind: RowKind, rows: readonly BatchRow[]): Promise<void> {
      preparing += 1
      for (const { id } of rows) moving.add(id)
      try {
        if (rows.length === 1) singles.go(rows)
        else await carry(kind, rows)
      } catch (error) {
        if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
        parts.log('debug', 'collections wait for the node', { rows: rows.length, why: error.message })
        pausedUntil = clock.now() + PAUSE_MS
        wait(rows)
      } finally {
        preparing -= 1
        for (const { id } of rows) moving.delete(id)
      }
      parts.done()
    },
  }
}

type Moment = Readonly<{ kind: RowKind; now: number; idle: boolean; lastAt: number; pausedUntil: number }>
type Waiting = CarriageParts['waiting']
type Sender = CarriageParts['sender']

/** Whether rows of a kind go now. `idle`: none are being prepared. */
function isDue(waiting: Waiting, sender: Sender, { kind, now, idle, lastAt, pausedUntil }: Moment): boolean {
  if (waiting.count(kind) === 0 || now < pausedUntil) return false
  const unmined = sender.unmined()
  if (waiting.count(kind) >= sender.sizeOf(kind) || (unmined === 0 && idle)) return true
  if (waiting.ageMs(kind, now) >= GATHER_MS_MAX) return true
  return now - lastAt >= Math.min(unmined * PRESSED_STEP_MS, PRESSED_MS_MAX) && waiting.isPressed(kind, now)
}

/** Looked at one by one at a time; more have their turn with all that is open. */
const ALONE_MAX = 16

/** What was refused in company or had none, until it has ended. */
function createSingles(alone: (id: string) => Promise<void>) {
  const ids = new Set<string>()
  let looking = 0
  return {
    has: (id: string): boolean => ids.has(id),
    go(rows: readonly BatchRow[]): void {
      for (const { id } of rows) {
        ids.add(id)
        if (looking >= ALONE_MAX) continue
        looking += 1
        void alone(id).finally(() => {
          looking -= 1
        })
      }
    },
    forget: (id: string): void => void ids.delete(id),
    idle: (): boolean => looking === 0,
  }
}
