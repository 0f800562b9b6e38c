import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type FastifyPluginAsyncZod, validatorCompiler } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import { ceilDivCount } from '../../money/integers.ts'
import { money, parseAmount } from '../../money/money.ts'
import type { Judged, RowWish } from '../../payouts/batch/judgeRows.ts'
import { refuseAllLate } from '../../payouts/batch/lateRows.ts'
import { batchPolicy } from '../../payouts/batch/policy.ts'
import type { BatchView } from '../../payouts/batch/view.ts'
import { viewMoney } from '../../payouts/payoutState/view.ts'
import { withApproval } from '../http/approving.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { callerId, findOwn, requireParty } from '../http/authenticate.ts'
import { boundedWaits } from '../http/boundedWaits.ts'
import type { Faces } from '../http/faces.ts'
import { heldBodies, holdingBodies } from '../http/heldBodies.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { batchView, snakeKeys } from '../http/views.ts'
import { byId, waiting } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { placeOf } from '../walletRoutes/ownAddress.ts'
import { batchRow, createPayoutBatch, looseBatch, payoutBatchesQuery, rowsPage } from './payoutBatchWire.ts'
import { deadlineIn } from './payoutTerms.ts'

/** A body with ten thousand rows, invoices among them. */
const BATCH_BYTES_MAX = 8 * 1024 * 1024
/** What of such bodies is in memory at a time, and how long one may take until it is here. */
const BODIES = { bytesMax: 8 * BATCH_BYTES_MAX, readMsMax: 20_000, graceMs: 5_000 }
/** So many rows count as one call of their caller. */
const ROWS_A_CALL = 100
/** Rows that a refusal names. */
const NAMED_MAX = 100
/** Rows that who has to agree is shown. */
const SHOWN_MAX = 20
/** Requests that may wait for a batch's end at a time. */
const WAITS_MAX = 200

type Body = z.output<typeof looseBatch>
/** Refuses with the field that is wrong, as every other body is. */
const readBatch = validatorCompiler({ schema: looseBatch, method: 'POST', url: '/v1/payout_batches', httpPart: 'body' })
type Needs = Pick<Faces, 'approvals' | 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'payouts' | 'wallets'>

/** Batches: up to ten thousand payouts of one balance in one call. */
export function payoutBatchRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addCancelling(app, faces)
  }
}

/** What is the same of a batch that is made and of one that is only looked at. */
function readingRows({ callers }: Needs, bodies: ReturnType<typeof heldBodies>) {
  return {
    bodyLimit: BATCH_BYTES_MAX,
    // The description has the shape of a row; a row that is otherwise refuses itself alone.
    validatorCompiler: () => readBatch,
    config: { callsIn: (body: unknown) => ceilDivCount((body as Body).rows.length, ROWS_A_CALL) }, // Its shape is checked before.
    // Who asks is known before so large a body is read.
    ...holdingBodies(bodies, (request) => callerId(callers.authenticate(request))),
  }
}

function addCreation(app: RouteApp, faces: Needs): void {
  const { callers } = faces
  const bodies = heldBodies(BODIES)
  addPreview(app, faces, bodies)
  const summary = 'Pay up to ten thousand payees out of one balance; each row is judged by itself'
  const schema = { body: createPayoutBatch, tags: ['payouts'], summary }
  app.post('/v1/payout_batches', { schema, ...readingRows(faces, bodies) }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const body: Body = request.body
    requireParty(caller, body.party)
    return callers.idempotent(request, reply, caller, (record) => makeBatch(faces, { request, caller, record, body }))
  })
}

/** The same batch, judged and planned, and not made. */
function addPreview(app: RouteApp, faces: Needs, bodies: ReturnType<typeof heldBodies>): void {
  const summary = 'By which rails a batch would be paid now, and what that costs; nothing is held, sent or kept'
  const schema = { body: createPayoutBatch, tags: ['payouts'], summary }
  app.post('/v1/payout_batches/preview', { schema, ...readingRows(faces, bodies) }, async (request) => {
    const caller = faces.callers.authenticate(request)
    const body: Body = request.body
    requireParty(caller, body.party)
    const { asset, source, judged, deliverBy } = await judgeBatch(faces, { request, caller, body })
    const { good, refused, units, feeUnits } = judged
    const preview = good.length === 0 ? undefined : await faces.payouts.batches.preview({ source, asset, judged, deliverBy })
    return {
      object: 'payout_batch_preview',
      party: body.party,
      amount: viewMoney(money(asset, units - feeUnits)),
      rows: body.rows.length,
      refused: refused.length,
      refused_rows: refused.slice(0, NAMED_MAX),
      ...(preview && (snakeKeys(preview) as object)), // Keys of an object make an object.
    }
  })
}

type Making = Parameters<typeof withApproval>[1] & Readonly<{ body: Body }>

async function makeBatch(faces: Needs, { request, caller, record, body }: Making): Promise<void> {
  const { approvals, payouts } = faces
  const { id, party, asset, source, createdBy, judged, deliverBy } = await judgeBatch(faces, { request, caller, body })
  if (judged.good.length === 0 && judged.earliest !== undefined) refuseAllLate(judged.earliest)
  refuseRows(judged, body)
  const shown = shownOf(body, judged)
  await withApproval(approvals, { request, caller, record }, { whose: party, amount: money(asset, judged.units), shown }, (recorded) => {
    const along = (made: BatchView) => recorded(201, batchView(made))
    return payouts.batches.create({ id, party, source, asset, judged, deliverBy, metadata: body.metadata, createdBy, along })
  })
}

/** Each row judged, and what the batch is called that it would be. */
async function judgeBatch(faces: Needs, { request, caller, body }: Omit<Making, 'record'>) {
  const { ground, parties, payouts } = faces
  const party = parties.parties.get(body.party).id
  const asset = assetNamed(ground.assets, body.asset)
  const [id, source, createdBy] = [payouts.batches.newId(), accounts.party(party), callerId(caller)]
  const rowAt = (place: number) => rowOf(faces, request, { sent: body.rows[place], place, asset })
  const deliverBy = deadlineIn(body.deliver_by, ground.clock.now())
  const whole = await payouts.batches.judge({ id, party: source, createdBy, count: body.rows.length, rowAt })
  const judged = await payouts.batches.refuseLate({ source, asset, judged: whole, deliverBy })
  return { id, party, asset, source, createdBy, judged, deliverBy }
}

type SentRow = Readonly<{ sent: unknown; place: number; asset: Asset }>

/** A row as it was meant; throws what it is refused with. */
function rowOf(faces: Needs, request: FastifyRequest, { sent, place, asset }: SentRow): RowWish {
  const { data, error } = batchRow.safeParse(sent)
  if (!data) {
    const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    throw new GatewayError('invalid_request', `rows.${place} has another shape`, { meta: { errors } })
  }
  const amount = parseAmount(data.amount, asset)
  if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  const destinations = data.destinations.map((d) => placeOf(faces, request, d))
  const deliverBy = deadlineIn(data.deliver_by, faces.ground.clock.now())
  const feeMax = data.fee_max === undefined ? 0n : parseAmount(data.fee_max, asset).units
  return { row: place, amount, destinations, reference: data.reference, metadata: data.metadata, feeMax, deliverBy }
}

/** All or none where that was asked for; and no batch of which hardly a row is good. */
function refuseRows({ good, refused }: Judged, { rows, on_refused: on }: Body): void {
  if (refused.length === 0) return
  if (on === 'pay_others' && good.length > 0 && refused.length <= batchPolicy.refusedMax) return
  const errors = refused.slice(0, NAMED_MAX).map(({ row, code, detail }) => ({ path: `rows.${row}`, message: `${code}: ${detail}` }))
  const are = refused.length === 1 ? 'is' : 'are'
  throw new GatewayError('rows_refused', `${refused.length} of ${rows.length} rows ${are} refused`, { meta: { errors } })
}

/** What another person agrees to: the sum stands beside it, the first rows are here, and the digest says that no other row came since. */
function shownOf({ party, asset, rows, deliver_by }: Body, { good, refused, units, feeUnits }: Judged) {
  const digest = createHash('sha256').update(JSON.stringify(good)).digest('hex')
  const first = rows.slice(0, SHOWN_MAX)
  const about = { units: units.toString(), fee_units: feeUnits.toString(), refused: refused.length }
  const by = deliver_by === undefined ? {} : { deliver_by }
  return { party, asset, rows: rows.length, ...by, ...about, rows_sha256: digest, first_rows: first }
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, payouts } = faces
  const { batches } = payouts
  const waits = boundedWaits(WAITS_MAX)
  app.addHook('preClose', async () => waits.end())
  const listed = { querystring: payoutBatchesQuery, tags: ['payouts'], summary: 'Batches of payouts, newest first; a party sees its own' }
  app.get('/v1/payout_batches', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const show = (id: string) => batchView(batches.get(id))
    return answerList(faces, { caller, list: 'payout_batches', query: request.query, reply, show })
  })
  const shown = { params: byId, querystring: waiting, tags: ['payouts'], summary: 'How far a batch is, perhaps at its end' }
  app.get('/v1/payout_batches/:id', { schema: shown }, async (request, reply) => {
    const { id } = ownBatch({ callers, payouts }, request, request.params.id)
    const timeoutMs = request.query.wait * 1_000
    if (timeoutMs === 0) return batchView(batches.get(id))
    const caller = callerId(callers.authenticate(request))
    return batchView(await waits.during({ caller, reply }, (signal) => batches.wait(id, { timeoutMs, signal })))
  })
  const paged = {
    params: byId,
    querystring: rowsPage,
    tags: ['payouts'],
    summary: 'The rows of a batch in the order in which they were sent',
  }
  app.get('/v1/payout_batches/:id/rows', { schema: paged }, async (request) => {
    const { id, rows } = ownBatch({ callers, payouts }, request, request.params.id)
    const { after, limit } = request.query
    const data = batches.rows(id, { after, limit }).map((row) => snakeKeys(row) as object) // Keys of an object make an object.
    const last = after + data.length
    const more = data.length > 0 && last < rows - 1
    return { data, has_more: more, ...(more ? { next: String(last) } : {}) }
  })
}

function addCancelling(app: RouteApp, { callers, payouts }: Needs): void {
  const summary = 'Make no more payouts of it; what is a payout already goes on'
  app.post('/v1/payout_batches/:id/cancel', { schema: { params: byId, tags: ['payouts'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { id } = ownBatch({ callers, payouts }, request, request.params.id)
    return callers.idempotent(request, reply, caller, (record) =>
      payouts.batches.cancel(id, { by: callerId(caller), along: (batch) => record(200, batchView(batch)) }),
    )
  })
}

function ownBatch({ callers, payouts }: Pick<Needs, 'callers' | 'payouts'>, request: FastifyRequest, id: string): BatchView {
  return findOwn(
    callers.authenticate(request),
    () => payouts.batches.get(id),
    (batch, party) => batch.party === party,
  )
}
