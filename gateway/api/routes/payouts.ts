import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Approval } from '../../approvals/approval.ts'
import type { Whose } from '../../approvals/limits.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import { money, parseAmount } from '../../money/money.ts'
import { PARTS_MAX } from '../../payouts/deciding/withPolicy.ts'
import type { NetBounds } from '../../payouts/netting/net.ts'
import type { MemberView } from '../../payouts/netting/view.ts'
import { type PayoutView, viewForParty } from '../../payouts/payoutState/view.ts'
import type { PartyId } from '../../ports/ids.ts'
import { AMOUNT_MAX } from '../../ports/ledger.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import { withApproval } from '../http/approving.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { type Caller, callerId, findOwn, requireOperator, requireParty } from '../http/authenticate.ts'
import { boundedWaits } from '../http/boundedWaits.ts'
import type { Faces } from '../http/faces.ts'
import type { RecordAlong } from '../http/idempotency.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { moneyView, payoutView, snakeKeys } from '../http/views.ts'
import { byId, createPayout, waiting } from '../http/wire.ts'
import { placeOf } from '../walletRoutes/ownAddress.ts'
import { addPayoutList } from './payoutList.ts'
import { addPayoutRecalls } from './payoutRecalls.ts'
import { type Body, isPlanned, type Ordered, termsOf } from './payoutTerms.ts'
import { payQuote } from './quotes.ts'

/** Requests that may wait for a payout's end at a time. */
const WAITS_MAX = 1_000

type NettingWish = Readonly<{ max_amount?: string | undefined; max_count: number; max_age_s: number }>

type Needs = Pick<Faces, 'approvals' | 'callers' | 'exchanges' | 'ground' | 'parties' | 'payouts' | 'suspense' | 'wallets'>

/** Payouts and refunds: money out of a balance or a surplus, on the rail that costs least in full. */
export function payoutRoutes(faces: Needs & Pick<Faces, 'audit' | 'ledger'>): FastifyPluginAsyncZod {
  const { approvals, callers, exchanges, payouts, wallets } = faces
  return async (app) => {
    addCreation(app, faces)
    const waits = boundedWaits(WAITS_MAX)
    app.addHook('preClose', async () => waits.end())
    const shown = { params: byId, querystring: waiting, tags: ['payouts'], summary: 'A payout with its attempts, perhaps at its end' }
    app.get('/v1/payouts/:id', { schema: shown }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { id } = request.params
      const asked = approvals.ofPayout(id)
      if (asked && asked.status !== 'done')
        return waitingPayout(
          findOwn(
            caller,
            () => asked,
            (one, party) => one.party === party,
          ),
          caller,
        )
      const found = findOwn(caller, () => payouts.netting.find(id) ?? payouts.payouts.get(id), isOf)
      const timeoutMs = request.query.wait * 1_000
      const ending = async (signal: AbortSignal) =>
        (await payouts.netting.wait(id, { timeoutMs, signal })) ?? payouts.payouts.wait(id, { timeoutMs, signal })
      const payout = timeoutMs === 0 || isEnded(found) ? found : await waits.during({ caller: callerId(caller), reply }, ending)
      const says = ('attempts' in payout ? payout.attempts : [])
        .map((attempt) => wallets.addresses.success(attempt.id))
        .find((success) => success !== undefined)
      const shownTo = caller.kind === 'party' && 'attempts' in payout ? viewForParty(payout) : payout
      return { ...payoutView(shownTo), ...(says ? { payee_says: says } : {}) }
    })
    app.post(
      '/v1/payouts/:id/cancel',
      { schema: { params: byId, tags: ['payouts'], summary: 'Do not pay it, while no rail has been told of it' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { id, source } = findOwn(caller, () => payouts.payouts.get(request.params.id), isOf)
        if (!/^(?:party|batch):/.test(source))
          throw new GatewayError('invalid_request', `${id} is part of something else, which is canceled as a whole`)
        const along = (record: RecordAlong) => (view: PayoutView) => record(200, payoutView(view))
        return callers.idempotent(request, reply, caller, (record) =>
          payouts.payouts.cancel(id, { by: callerId(caller), along: along(record) }),
        )
      },
    )
    addPayoutRecalls(app, faces, isOf)
    addPayoutList(app, faces)
  }

  function isOf({ source }: Readonly<{ source: string }>, party: string): boolean {
    const exchange = exchangeOf(source)
    const batched = payouts.batches.partyOf(source)
    if (batched !== undefined) return batched === party
    return exchange === undefined ? source === accounts.party(party) : exchanges.get(exchange).party === party
  }
}

function addCreation(app: RouteApp, { approvals, callers, ground, parties, payouts, suspense, wallets }: Needs): void {
  app.post(
    '/v1/payouts',
    { schema: { body: createPayout, tags: ['payouts'], summary: 'Pay out of a balance, or refund a surplus' } },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      const { body } = request
      if (body.quote !== undefined)
        return payQuote({ approvals, callers, ground, payouts }, { request, reply, caller, body, id: body.quote })
      const order = orderIn(body)
      if (body.party) requireParty(caller, body.party)
      else requireOperator(caller)
      const asset = assetNamed(ground.assets, order.amount.asset)
      const source = body.party ? accounts.party(parties.parties.get(body.party).id) : accounts.surplus(body.surplus!)
      const destinations = order.destinations.map((d) => placeOf({ callers, parties, wallets }, request, d))
      if (body.surplus?.startsWith('sa_')) suspense.requireAgreed(body.surplus, destinations)
      return callers.idempotent(request, reply, caller, async (record) => {
        const { reference, metadata, netting } = body
        const { amount, feeMax, feeBearer, ...times } = await termsOf({ ground, payouts }, { body: order, asset, source, destinations })
        const id = ground.ids.payout()
        const asked = { payout: id, source, destinations, reference, ...saidMetadata(metadata), feeMax: feeMax.toString() }
        // What its source pays, a fixed fee included.
        const weighed = feeBearer ? money(asset, amount.units + feeMax) : amount
        const matter = { whose: partyOf(source), amount: weighed, ...(netting || isPlanned(order) ? {} : { order: asked }) }
        await withApproval(approvals, { request, caller, record }, matter, async (recorded) => {
          const along = (made: PayoutView | MemberView) => recorded(201, payoutView(made))
          const wanted = { source, amount, reference, metadata, createdBy: callerId(caller), along }
          if (netting) await payouts.netting.join({ ...wanted, destination: onlyOne(destinations), bounds: boundsOf(netting, asset) })
          else await payouts.payouts.create({ id, ...wanted, destinations, feeMax, feeBearer, ...times, partsMax: partsOf(body) })
        })
      })
    },
  )
}

/** A balance's payout may be paid in parts; what goes back to a payer goes whole. */
function partsOf({ party, parts }: z.output<typeof createPayout>): number | undefined {
  return party === undefined || parts === 'never' ? undefined : PARTS_MAX
}

/** A payout that no quote has settled says what it pays and where. */
function orderIn(body: Body): Ordered {
  const { amount, destinations } = body
  invariant(amount && destinations, 'a body without a quote has both')
  return { ...body, amount, destinations }
}

/** A payout that waits for another person, or never came to be. */
function waitingPayout(approval: Approval, caller: Caller) {
  const { id, party, amount, order, asked, at, status } = approval
  invariant(order && amount, `${id} is about a payout`)
  const { payout, source, destinations, reference, metadata = {} } = order
  const common = { source, amount: { ...moneyView(amount), code: amount.asset.code }, destinations, reference }
  const view = {
    object: 'payout',
    ...(snakeKeys(common) as object),
    id: payout,
    status,
    metadata,
    created_by: asked.by,
    created_at: new Date(at).toISOString(),
  }
  return { ...view, approval: id, created_by: caller.kind === 'operator' || asked.by === party ? asked.by : 'operator' }
}

/** Whose money a payout takes: a party's, or what lies in a surplus. */
function partyOf(source: string): Whose {
  return source.startsWith('party:') ? (source.slice('party:'.length) as PartyId) : 'gateway' // As `accounts.party` writes it.
}

function isEnded({ status }: PayoutView | MemberView): boolean {
  return status === 'settled' || status === 'partly_settled' || status === 'failed' || status === 'returned'
}

/** The payout of an exchange is seen by the party that the exchange is for. */
function exchangeOf(source: string): string | undefined {
  return source.startsWith('exchange:') ? source.slice('exchange:'.length) : undefined
}

/** What is netted goes to one place; a choice of several is for a payout of its own. */
function onlyOne(destinations: readonly Destination[]): Destination {
  const [destination, second] = destinations
  if (!destination || second) {
    throw new GatewayError('invalid_request', 'A payout that is netted has one destination', {
      hint: 'Name one destination, or leave `netting` out.',
    })
  }
  return destination
}

function boundsOf(wish: NettingWish, asset: Asset): NetBounds {
  const unitsMax = wish.max_amount === undefined ? AMOUNT_MAX : parseAmount(wish.max_amount, asset).units
  return { unitsMax, countMax: wish.max_count, ageMsMax: wish.max_age_s * 1_000 }
}
