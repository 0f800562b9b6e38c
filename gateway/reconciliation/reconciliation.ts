import type { SignedProof } from '../audit/reconcile/threeWay.ts'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { drive, type StepAnswer } from '../ledger/process/drive.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createSweeper } from '../ledger/process/sweeper.ts'
import type { Suspense } from '../suspense/suspense.ts'
import type { Break } from './break.ts'
import type { ClosingRail, ReconciliationContext } from './context.ts'
import type { DayProofs } from './dayProofs.ts'
import { type Adjustment, toReconciliationFact } from './facts.ts'
import { createRailLooks, type MovingSides, type RailLook } from './lookAtRails.ts'
import { readStatement, type StatementRead } from './readStatement.ts'
import { assignBreak, closed, type Resolving, resolveAccepted, resolveByEntry } from './resolve.ts'
import { endOf } from './writeBreak.ts'

/** How often statements are looked for. */
const LOOK_MS = 60_000
const WIDTH = 4
const RETRY_MS = 1_000
const STEPS_MAX = 4
const ALL = 'all'

export type Reconciliation = Readonly<{
  /** Throws `not_found`. */
  get(id: string): Break
  /** Reads every statement that was not read yet, and says of each what came of it. A rail that does not answer is left to the next run. */
  run(): Promise<readonly StatementRead[]>
  /** Compares rails that close no days with the ledger as it stands now. A rail that does not answer is left to the next look. */
  lookAtRails(): Promise<readonly RailLook[]>
  /** Gives an open break to an operator. Throws `not_found` and `break_closed`. */
  assign(id: string, o: Parameters<typeof assignBreak>[2]): Promise<void>
  /** Ends a break by its entry, or by another one. Throws `not_found`, `break_closed`, and what an adjustment is refused with. */
  resolveByEntry(id: string, adjustment: Adjustment | undefined, o: Resolving): Promise<void>
  /** Ends it without an entry. Throws `not_found` and `break_closed`. */
  accept(id: string, o: Resolving): Promise<void>
  /** The three-way proof of a day. Throws `not_found`, `invalid_request`, `reads_behind`. */
  proofOf(day: string): Promise<SignedProof>
  start(onFatal: (error: unknown) => void): void
  close(): Promise<void>
}>

/** `moving`: what is compared without statements. */
type Parts = ReconciliationContext &
  Readonly<{ moving: MovingSides; proofs: DayProofs; suspense: Pick<Suspense, 'ask'>; onFatal: (error: unknown) => void }>

/** Compares rails with the ledger line by line, and keeps what differs until it is ended. Its records must have been made before the books started. */
export function createReconciliation(c: Parts): Reconciliation {
  const inTurn = createInTurn()
  const asked = driveAsked(c)
  c.records.onChange(asked.wake)
  const looks = createRailLooks(c, c.moving)
  const lookAtRails = () => inTurn(ALL, looks)
  const sweeper = createSweeper(async () => {
    await run()
    await lookAtRails()
    await c.proofs.keep()
  }, LOOK_MS)

  function get(id: string): Break {
    const one = c.records.get(id)
    if (!one) throw new GatewayError('not_found', `There is no break ${id.slice(0, 60)}`)
    return one
  }

  function open(id: string): Break {
    const one = get(id)
    if (one.status !== 'open') throw closed(one.id)
    return one
  }

  function run(): Promise<readonly StatementRead[]> {
    return inTurn(ALL, async () => {
      const read: StatementRead[] = []
      for (const rail of c.closing) read.push(...(await readRail(c, rail)))
      return read
    })
  }

  return {
    get,
    run,
    lookAtRails,
    proofOf: c.proofs.of,
    // One after the other with the runs, so that none ends what the other is ending.
    assign: (id, o) => inTurn(ALL, () => assignBreak(c, open(id), o)),
    resolveByEntry: (id, adjustment, o) => inTurn(ALL, () => resolveByEntry(c, open(id), adjustment, o)),
    accept: (id, o) => inTurn(ALL, () => resolveAccepted(c, open(id), o)),
    start(onFatal) {
      void asked.resume()
      sweeper.start(onFatal)
    },
    async close() {
      await sweeper.close()
      await asked.close()
    },
  }
}

async function readRail(c: ReconciliationContext, of: ClosingRail): Promise<StatementRead[]> {
  const read: StatementRead[] = []
  try {
    for (const statement of await of.days.statements(c.expected.fromDay(of.rail)))
      if (!c.expected.isRead(of.rail, statement.id)) read.push(await readStatement(c, of, statement))
  } catch (error) {
    if (!isGatewayError(error)) throw error
    c.log.warn({ rail: of.rail, code: error.code, detail: error.shortMessage }, 'its statements are read later')
  }
  return read
}

/** What was asked for and has its second word ends the break; what was taken back opens it again. */
function driveAsked(c: Parts) {
  return drive<Break, { kind: 'none' | 'end' | 'reopen' }>({
    name: 'break',
    records: c.records,
    next({ status, action }) {
      if (status !== 'asked' || action?.status === 'waiting') return { kind: 'none' }
      return { kind: action?.status === 'booked' ? 'end' : 'reopen' }
    },
    steps: {
      none: () => 'wait',
      async end({ id, owner, action }): Promise<StepAnswer> {
        const by = owner === undefined ? {} : { by: owner }
        const data = { how: 'entry', ...by, action: action!.id } as const
        const fact = toReconciliationFact({ type: 'reconciliation.break_resolved', id, at: c.clock.now(), data })
        await submitUntilKnown(c.books, { claims: [{ key: endOf(id), fingerprint: 'entry' }], facts: [fact] })
        return undefined
      },
      async reopen({ id, action, turn }): Promise<StepAnswer> {
        const fact = toReconciliationFact({ type: 'reconciliation.break_reopened', id, at: c.clock.now(), data: { action: action!.id } })
        await submitUntilKnown(c.books, {
          claims: [{ key: `reconciliation:${id}:reopened:${turn}`, fingerprint: 'reopened' }],
          facts: [fact],
        })
        return undefined
      },
    },
    width: WIDTH,
    retryMs: RETRY_MS,
    stepsMax: STEPS_MAX,
    log: c.log,
    clock: c.clock,
    onFatal: c.onFatal,
  })
}
