import { ledgerTime, traceView } from '../../../gateway/api/routes/ledgerViews.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { ReadEntry, ReadFact, ReadModel } from '../../../gateway/ports/readModel.ts'
import { print } from '../print.ts'
import { legsTable } from './ledgerLegs.ts'
import { type LedgerAsked, whichBooks } from './whichBooks.ts'

/** Entries and facts of one payment that are shown. */
const TRACE_MAX = 1000
/** Longest data of a fact on its line. */
const DATA_MAX = 160

/** What the journal says of a payment, and every entry it made, in order. */
export function ledgerTrace(id: string, o: LedgerAsked): number {
  const reads = whichBooks(o).reads()
  try {
    const trace = traceView(reads, id)
    if (!trace) throw new GatewayError('not_found', `There is no payment ${id}`)
    print(o, trace, () => traceText(reads, id))
    return 0
  } finally {
    reads.close()
  }
}

function traceText(reads: ReadModel, id: string): string {
  const payment = reads.payment(id)
  const head = payment ? [`${payment.kind} ${id}: ${payment.status}${payment.rail ? ` on ${payment.rail}` : ''}`] : [id]
  for (const [key, value] of Object.entries(payment?.metadata ?? {})) head.push(`  ${key}: ${value}`)
  const facts = reads.facts(id, TRACE_MAX).map((fact) => ({ seq: fact.seq, text: factText(fact) }))
  const entries = reads.entriesOf(id, TRACE_MAX).map((entry) => ({ seq: entry.seq, text: entryText(reads, entry) }))
  // What was said in a block comes before what was booked in it.
  const steps = [...facts, ...entries].sort((a, b) => a.seq - b.seq)
  return [...head, '', ...steps.map((step) => step.text)].join('\n')
}

function factText({ seq, type, id, at, data }: ReadFact): string {
  const short = data.length > DATA_MAX ? `${data.slice(0, DATA_MAX)}...` : data
  return `block ${seq}  ${new Date(at).toISOString()}  ${type}  ${id}\n    ${short}`
}

function entryText(reads: ReadModel, entry: ReadEntry): string {
  const legs = legsTable(reads.entry(entry.id)?.changes ?? [])
  return `block ${entry.seq}  ${ledgerTime(entry.at)}  entry ${entry.id}\n${legs.replaceAll(/^/gm, '    ')}`
}
