import { invariant } from '../../errors/invariant.ts'
import type { Asset } from '../../money/asset.ts'
import type { Entry, Leg, LegId } from '../../ports/books.ts'
import type { Prepared } from '../books/prepare.ts'
import type { SubmissionRow } from '../journal/blockData.ts'

/** A leg as JSON has it: units are a decimal string. */
type LegRow = Readonly<{
  kind: Leg['kind']
  asset: Asset
  units?: string
  debit?: string
  credit?: string
  timeoutS?: number
  pending?: LegId
}>

/** A submission that is about to be transferred: the row that will record it, its legs in full, and their fingerprint in hex. */
type ProposalRow = Readonly<{ proposed: Readonly<{ row: SubmissionRow; legs: readonly LegRow[]; fingerprint: string }> }>

/** The row of a proposal, from which `proposalsOf` gets the submission back. */
export function proposalRow({ submission, row, fingerprint }: Prepared): string {
  const legs = submission.entry?.legs.map((leg) => ('units' in leg ? { ...leg, units: leg.units.toString() } : leg)) ?? []
  return `{"proposed":{"row":${row},"legs":${JSON.stringify(legs)},"fingerprint":"${fingerprint.toString(16)}"}}`
}

/** The proposals among the rows of a block, in order. */
export function proposalsOf(rows: readonly SubmissionRow[]): Prepared[] {
  return rows.flatMap((row) => {
    // Rows of a proposal have this member alone, and were written by `proposalRow`.
    const { proposed } = row as Partial<ProposalRow>
    return proposed ? [toPrepared(proposed)] : []
  })
}

function toPrepared({ row, legs, fingerprint }: ProposalRow['proposed']): Prepared {
  invariant(row.entry, 'a proposal has an entry')
  const { id, payment } = row.entry
  const entry: Entry = { id, payment, legs: legs.map(toLeg) }
  const submission = {
    ...(row.claims && { claims: row.claims.map(([key, print]) => ({ key, fingerprint: print })) }),
    ...(row.facts && { facts: row.facts }),
    entry,
  }
  return { submission, row: JSON.stringify(row), fingerprint: BigInt(`0x${fingerprint}`), accounts: undefined }
}

function toLeg(row: LegRow): Leg {
  // What `proposalRow` wrote of this kind of leg.
  return (row.units === undefined ? row : { ...row, units: BigInt(row.units) }) as Leg
}
