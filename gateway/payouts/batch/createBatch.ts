import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { AccountPath, Fact } from '../../ports/books.ts'
import type { PartyId } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import { shortOfBalance } from '../payout/createPayout.ts'
import type { Alongside } from '../payoutState/createPayoutCommand.ts'
import { batchPath } from './batch.ts'
import type { BatchContext } from './context.ts'
import { evolve } from './evolve.ts'
import { type BatchFact, type BatchId, type RowData, toBatchFact } from './facts.ts'
import type { Judged } from './judgeRows.ts'
import { type BatchView, viewBatch } from './view.ts'

/** Characters of rows in one fact, far below what a submission may have. */
const STAGED_TEXT_MAX = 400_000

/** What was judged, and what becomes durable with it. */
export type CreateBatch = Readonly<{
  id: BatchId
  party: PartyId
  source: AccountPath
  asset: Asset
  judged: Judged
  /** Of each row that says none itself (ms). */
  deliverBy?: number | undefined
  metadata?: Metadata | undefined
  createdBy: string
  along: (made: BatchView) => Alongside
}>

/** The rows in parts that one submission may hold. Throws `invalid_request` for a row that is too long by itself. */
export function partsOf(rows: readonly RowData[]): Readonly<{ parts: readonly (readonly RowData[])[]; text: number }> {
  const parts: RowData[][] = []
  let [text, inPart] = [0, 0]
  for (const row of rows) {
    const length = JSON.stringify(row).length
    if (length > STAGED_TEXT_MAX) throw new GatewayError('invalid_request', `rows.${row.row} is longer than ${STAGED_TEXT_MAX} characters`)
    if (parts.length === 0 || inPart + length > STAGED_TEXT_MAX) {
      parts.push([])
      inPart = 0
    }
    parts.at(-1)!.push(row)
    inPart += length
    text += length
  }
  return { parts, text }
}

/**
 * Writes the rows down, part by part, and then in one submission that they are a batch, with the money of all. Until that one nothing has happened, and what
 * was written is void. Refuses with `insufficient_balance` and `idempotency_key_reused`. `drop` is called when it never will be.
 */
export async function createBatch(
  context: BatchContext,
  command: CreateBatch,
  o: Readonly<{ parts: readonly (readonly RowData[])[]; drop: () => void; late: () => void }>,
): Promise<void> {
  const { books, clock } = context
  const { id, party, source, judged } = command
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(source, command.asset)
  // Seen before anything is written, so that nobody fills the journal with rows that he cannot pay.
  if (creditsPosted - debitsPosted - debitsPending < judged.units) throw short(context, command)
  try {
    for (const rows of o.parts) {
      const staged: BatchFact = { type: 'payout_batch.staged', id, at: clock.now(), data: { party, rows } }
      await submitUntilKnown(books, { facts: [toBatchFact(staged)] })
    }
    await begin(context, command, o.late)
  } catch (error) {
    if (!isGatewayError(error, 'outcome_unknown')) o.drop()
    throw error
  }
}

async function begin(context: BatchContext, command: CreateBatch, late: () => void): Promise<void> {
  const { books, clock, records } = context
  const { id, source, asset, judged, along } = command
  // Once: what is answered and what is written have the same moment.
  const at = clock.now()
  const fact = (claims: readonly string[]): BatchFact => ({
    type: 'payout_batch.created',
    id,
    at,
    data: { ...dataOf(command), claims },
  })
  const staged = records.get(id)
  invariant(staged, `${id} was staged`)
  const { claims, facts } = along(viewBatch(evolve(staged, fact([]))))
  const begun = { key: beginClaim(id), fingerprint: 'created' }
  const made: Fact = toBatchFact(fact(claims.map(({ key }) => key)))
  const move = { kind: 'move' as const, debit: source, credit: batchPath(id), asset, units: judged.units }
  const submission = { claims: [...claims, begun], facts: [made, ...facts], entry: newEntry(context, id, [move]) }
  const outcome = await submitUntilKnown(books, submission, late)
  if (outcome.kind === 'declined') throw short(context, command)
  if (outcome.kind === 'conflict')
    throw new GatewayError('idempotency_key_reused', 'Another request was made under the key of this batch', {
      meta: { claim: outcome.with.key },
    })
}

/** A batch is created or abandoned, never both. */
export function beginClaim(id: BatchId): string {
  return `payout_batch:${id}:begun`
}

function dataOf({ party, asset, judged, deliverBy, metadata, createdBy }: CreateBatch) {
  const { good, refused, units, feeUnits } = judged
  return {
    party,
    asset,
    units: units.toString(),
    feeUnits: feeUnits.toString(),
    rows: good.length + refused.length,
    taken: good.length,
    refused,
    ...(deliverBy !== undefined && { deliverBy }),
    ...saidMetadata(metadata),
    createdBy,
  }
}

function short({ books }: BatchContext, { source, asset, judged }: CreateBatch): GatewayError {
  return shortOfBalance({ books }, { source, amount: money(asset, judged.units) }, 'exceeds_credits')
}
