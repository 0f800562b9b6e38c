import { z } from 'zod'
import { invariant } from '../../../gateway/errors/invariant.ts'
import { FAILURE_REASONS, type Outcome } from '../../../gateway/ports/outcome.ts'
import { type EvmRequest, readRequest, spentBy, writeRequest } from './requests.ts'
import type { Store } from './store.ts'

/** An outcome that stands for ever. */
type Final = Extract<Outcome, { kind: 'settled' | 'failed' }>

/** What an ended action left: in the file the fee is wei and the evidence its own. `logIndex`: of the log that shows it, where others have the same hash. */
export type Ending =
  | Readonly<{ kind: 'settled'; hash: string; at: number; costWei: bigint; logIndex?: number }>
  | Readonly<{ kind: 'failed'; reason: Extract<Final, { kind: 'failed' }>['reason']; detail?: string }>

/** What the nodes say against an action; of most actions it is the ending. */
export type Refusal = Extract<Ending, { kind: 'failed' }>

export type Action = Readonly<{
  id: string
  request: EvmRequest
  state: 'open' | 'sent' | 'settled' | 'failed'
  openedAt: number
  tries: number
  ending?: Ending
  /** The first ending, which a caller may have acted on; kept when a reorganisation reopens the action. */
  told?: Ending
}>

export type ActionTable = ReturnType<typeof createActionTable>

const endingShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('settled'),
    hash: z.string(),
    at: z.number(),
    costWei: z.string().transform((text) => BigInt(text)),
    logIndex: z.number().exactOptional(),
  }),
  z.object({ kind: z.literal('failed'), reason: z.enum(FAILURE_REASONS), detail: z.string().exactOptional() }),
])

const stateShape = z.enum(['open', 'sent', 'settled', 'failed'])

const placeShape = z.object({ place: z.number(), id: z.string() })

const rowShape = z.object({
  id: z.string(),
  request: z.string(),
  state: stateShape,
  opened_at: z.number(),
  tries: z.number(),
  outcome: z.string().nullable(),
  told: z.string().nullable(),
})

/** The actions by id. Writes inside `store.transact` become durable with the rest of it. */
export function createActionTable({ database }: Store) {
  const insert = database.prepare("INSERT INTO actions (id, request, state, opened_at, authorization) VALUES (?, ?, 'open', ?, ?)")
  const select = database.prepare('SELECT * FROM actions WHERE id = ?')
  const selectOpen = database.prepare("SELECT rowid AS place, id FROM actions WHERE state = 'open' AND rowid > ? ORDER BY rowid LIMIT ?")
  const update = database.prepare('UPDATE actions SET state = ? WHERE id = ? AND state = ?')
  const selectState = database.prepare('SELECT state FROM actions WHERE id = ?')
  const send = database.prepare("UPDATE actions SET tries = tries + ?, state = 'sent' WHERE id = ? AND state = 'open'")
  const returnTo = database.prepare(
    `UPDATE actions SET state = ?, told = COALESCE(told, outcome), outcome = NULL, opened_at = ?, tries = 0
     WHERE id = ? AND state IN ('settled', 'failed')`,
  )
  const selectCollected = database.prepare("SELECT id FROM actions WHERE authorization = ? AND state = 'settled'")
  const selectSpending = database.prepare("SELECT id FROM actions WHERE authorization = ? AND state IN ('open', 'sent', 'settled')")
  const again = database.prepare(
    "UPDATE actions SET state = 'open', outcome = NULL, opened_at = ?, tries = 0 WHERE id = ? AND state = 'failed'",
  )
  const selectUndecided = database.prepare("SELECT * FROM actions WHERE told IS NOT NULL AND state IN ('open', 'sent')")
  const end = database.prepare("UPDATE actions SET state = ?, outcome = ? WHERE id = ? AND state IN ('open', 'sent')")

  return {
    get(id: string): Action | undefined {
      const found = select.get(id)
      return found ? readRow(found) : undefined
    },
    open(id: string, request: EvmRequest, at: number): void {
      insert.run(id, writeRequest(request), at, spentBy(request))
    },
    /** Actions for which nothing is signed, the oldest first, behind a place in the order in which they came. */
    openAfter: (place: number, limit: number): z.infer<typeof placeShape>[] =>
      selectOpen.all(place, limit).map((row) => placeShape.parse(row)),
    stateOf: (id: string): Action['state'] | undefined => stateShape.optional().parse(selectState.get(id)?.state),
    /** A try is counted of what is sent alone: in company it may have come to nothing by the others. */
    markSent(id: string, { alone }: Readonly<{ alone: boolean }>): void {
      invariant(send.run(alone ? 1 : 0, id).changes === 1, `action ${id} is sent only while it is open`)
    },
    ...companyRows(database),
    /** Its transaction came to nothing that ends it: it is looked at again. */
    reopen(id: string): void {
      invariant(update.run('open', id, 'sent').changes === 1, `action ${id} is reopened only when it was sent`)
    },
    /** It had failed and nobody was promised anything on it: the same was asked for again, and may go through now. */
    tryAgain(id: string, at: number): void {
      invariant(again.run(at, id).changes === 1, `action ${id} is tried again only when it has failed`)
    },
    /** The action that spends this, or has spent it. */
    spending: (spent: string): string | undefined => {
      const id = selectSpending.get(spent)?.id
      return id === undefined ? undefined : String(id)
    },
    /** A replaced block takes its ending away: `sent` when its own transaction is live again, `open` when it is to be done anew. */
    takeBack(id: string, state: 'open' | 'sent', at: number): void {
      invariant(returnTo.run(state, at, id).changes === 1, `the ending of action ${id} is taken back only when it has one`)
    },
    /** The settled collection of the authorization that the stream names so. */
    collected: (authorization: string): string | undefined => {
      const id = selectCollected.get(authorization)?.id
      return id === undefined ? undefined : String(id)
    },
    /** What was told to have ended and has not any more. */
    undecided: (): Action[] => selectUndecided.all().map(readRow),
    end(id: string, ending: Ending): void {
      invariant(end.run(ending.kind, writeRequest(ending), id).changes === 1, `action ${id} ends once`)
    },
  }
}

function companyRows(database: Store['database']) {
  const set = database.prepare('INSERT OR REPLACE INTO company VALUES (?, ?)')
  const select = database.prepare('SELECT rows_max FROM company WHERE action_id = ?')
  return {
    /** With how many, itself counted, the next transaction may carry it. */
    limitCompany: (id: string, rowsMax: number): void => void set.run(id, rowsMax),
    /** Undefined while no transaction with it and others came to nothing. */
    companyOf(id: string): number | undefined {
      const found = select.get(id)?.rows_max
      return found === undefined ? undefined : Number(found) // not money: a count
    },
  }
}

function readRow(found: unknown): Action {
  const row = rowShape.parse(found)
  const request = readRequest(JSON.parse(row.request))
  invariant(request, `the stored request of action ${row.id} can be read`)
  const ending = row.outcome === null ? {} : { ending: endingShape.parse(JSON.parse(row.outcome)) }
  const told = row.told === null ? {} : { told: endingShape.parse(JSON.parse(row.told)) }
  return { id: row.id, request, state: row.state, openedAt: row.opened_at, tries: row.tries, ...ending, ...told }
}
