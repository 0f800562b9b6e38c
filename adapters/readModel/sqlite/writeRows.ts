import type { DatabaseSync } from 'node:sqlite'
import type { BlockRows, ChangeSide, GroupTotals, PaymentChange, ReadAccount, ReadChange } from '../../../gateway/ports/readModel.ts'
import { idCell, unitsCell } from './cells.ts'
import { createListWriter } from './writeLists.ts'

/** Writes the rows of blocks, inside a transaction of the caller's. */
type RowWriter = Readonly<{
  write: (rows: BlockRows) => void
  update: (account: ReadAccount) => void
  total: (group: GroupTotals) => void
}>

export function createRowWriter(db: DatabaseSync): RowWriter {
  const account = db.prepare('INSERT INTO accounts VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0)')
  const asset = db.prepare('INSERT OR IGNORE INTO assets VALUES (?, ?, ?, ?)')
  const balances = db.prepare(
    'UPDATE accounts SET last = ?, changes = ?, debits_posted = ?, credits_posted = ?, debits_pending = ?, credits_pending = ? WHERE n = ?',
  )
  const totals = db.prepare('INSERT OR REPLACE INTO group_totals VALUES (?, ?, ?, ?)')
  const entry = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)')
  const change = db.prepare(`INSERT INTO changes VALUES (${Array(20).fill('?').join(', ')})`)
  const mark = db.prepare('INSERT INTO marks VALUES (?, ?, ?)')
  const opened = db.prepare('INSERT INTO holds VALUES (?, ?, ?, ?, ?)')
  const closed = db.prepare('DELETE FROM holds WHERE id = ?')
  const fact = db.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?)')
  const changePayment = paymentWriter(db)
  const writeEvents = eventWriter(db)
  const writeActs = actWriter(db)
  const writeLists = createListWriter(db)

  function writeChange(row: ReadChange): void {
    const { n, entry: entryN, leg, at, kind, units, hold, timeoutS, debit, credit } = row
    change.run(n, entryN, leg, at, kind, unitsCell(units), hold, timeoutS, ...sideCells(debit), ...sideCells(credit))
  }

  return {
    write(rows) {
      for (const { n, id, path, asset: of, createdAt } of rows.accounts) {
        account.run(n, idCell(id), path, of.ledger, createdAt)
        asset.run(of.ledger, of.id, of.code, of.scale)
      }
      const firstChanges = new Map<number, number>()
      for (const row of rows.changes) {
        if (row.leg === 0) firstChanges.set(row.entry, row.n)
        writeChange(row)
      }
      for (const { n, id, payment, seq, at, legs } of rows.entries) entry.run(n, id, payment, seq, at, legs, firstChanges.get(n) ?? 0)
      for (const { account: of, at, change: n } of rows.marks) mark.run(of, at, n)
      for (const { id, change: n, debit, credit, units } of rows.opened) opened.run(idCell(id), n, debit, credit, unitsCell(units))
      for (const id of rows.closed) closed.run(idCell(id))
      for (const { seq, n, subject, type, id, at, data } of rows.facts) fact.run(seq, n, subject, type, id, at, data)
      for (const row of rows.payments) changePayment(row)
      writeEvents(rows)
      writeActs(rows)
      writeLists(rows.listed)
    },
    update({ n, last, changes, debitsPosted, creditsPosted, debitsPending, creditsPending }) {
      const cells = [debitsPosted, creditsPosted, debitsPending, creditsPending].map(unitsCell)
      balances.run(last, changes, ...cells, n)
    },
    total({ group, asset: of, debits, credits }) {
      totals.run(group, of.ledger, unitsCell(debits), unitsCell(credits))
    },
  }
}

function sideCells(side: ChangeSide): (bigint | number | string)[] {
  const { account, before, debitsPosted, creditsPosted, debitsPending, creditsPending } = side
  return [account, before, unitsCell(debitsPosted), unitsCell(creditsPosted), unitsCell(debitsPending), unitsCell(creditsPending)]
}

/** A change with a kind begins a payment; one without changes what it names of a payment that stands, and nothing when there is none. */
function paymentWriter(db: DatabaseSync): (change: PaymentChange) => void {
  const insert = db.prepare('INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const update = db.prepare(
    `UPDATE payments SET status = coalesce(?, status), rail = coalesce(?, rail), asset = coalesce(?, asset), units = coalesce(?, units),
       party = coalesce(?, party), receipt = coalesce(?, receipt), changed_at = ? WHERE id = ?`,
  )
  const metadata = db.prepare('INSERT INTO metadata VALUES (?, ?, ?)')
  return (c) => {
    const units = c.units === undefined ? undefined : unitsCell(c.units)
    if (c.kind === undefined) {
      update.run(c.status ?? null, c.rail ?? null, c.asset ?? null, units ?? null, c.party ?? null, c.receipt ?? null, c.changedAt, c.id)
      return
    }
    const texts = [c.kind, c.status ?? '', c.rail ?? '', c.asset ?? '']
    insert.run(c.id, ...texts, units ?? 0, c.party ?? '', c.receipt ?? '', c.key ?? '', c.createdAt ?? c.changedAt, c.changedAt)
    for (const [key, value] of Object.entries(c.metadata ?? {})) metadata.run(c.id, key, value)
  }
}

function eventWriter(db: DatabaseSync): (rows: Pick<BlockRows, 'events' | 'subjects'>) => void {
  const event = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)')
  const party = db.prepare('INSERT INTO event_parties VALUES (?, ?, ?)')
  const subjectRow = db.prepare('INSERT OR REPLACE INTO event_subjects VALUES (?, ?, ?)')
  return ({ events, subjects }) => {
    for (const { id, type, subject, parties, body } of events) {
      event.run(id, type, subject, body)
      for (const of of parties) party.run(of, id, type)
    }
    for (const { id, parties, data } of subjects) subjectRow.run(id, JSON.stringify(parties), JSON.stringify(data))
  }
}

/** An act has a place in each list that it is looked for in: of all, and of its party. */
function actWriter(db: DatabaseSync): (rows: Pick<BlockRows, 'acts'>) => void {
  const act = db.prepare('INSERT INTO acts (id, at, party, body) VALUES (?, ?, ?, ?)')
  const place = db.prepare('INSERT INTO act_places VALUES (?, ?, ?, ?, ?)')
  return ({ acts }) => {
    for (const { id, at, party, person, key, resources, body } of acts) {
      const n = act.run(id, at, party, body).lastInsertRowid
      const lists = [
        ['', ''],
        ...(person ? [['person', person]] : []),
        ...(key ? [['key', key]] : []),
        ...resources.map((r) => ['resource', r]),
      ]
      for (const whose of new Set(['', party])) for (const [what, value] of lists) place.run(whose, what!, value!, at, n)
    }
  }
}
