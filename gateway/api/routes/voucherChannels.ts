import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { money } from '../../money/money.ts'
import type { Split } from '../../parties/party/splits.ts'
import { refuseForeign } from '../../payins/offer/onlyOurTables.ts'
import type { ChainRail, PayinsFace } from '../../payins/openPayins.ts'
import type { VoucherChannel } from '../../payins/settlement/voucherChannelRecords.ts'
import { depositMin } from '../../payins/vouchers/openVoucherChannel.ts'
import type { Ground } from '../../ports/ground.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import { bearerOf, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { claimView, moneyView } from '../http/views.ts'
import { byId, onChain } from '../http/wire.ts'
import { ASKS_A_CHAIN } from './payOnChain.ts'
import { voucherChannelView } from './voucherChannelView.ts'
import { channelId, channelRail, openChannel, sendVoucher } from './voucherChannelWire.ts'

/** Voucher channels. Payers have no API key here: what they may do, they prove by signatures. */
export function voucherChannelRoutes(faces: Pick<Faces, 'callers' | 'ground' | 'parties' | 'payins'>): FastifyPluginAsyncZod {
  return async (app) => {
    addTerms(app, faces)
    addOpening(app, faces)
    addReading(app, faces)
    addVouchers(app, faces)
    addClaims(app, faces)
  }
}

function addTerms(app: RouteApp, { ground, parties, payins }: Pick<Faces, 'ground' | 'parties' | 'payins'>): void {
  app.get(
    '/v1/splits/:id/channel_terms',
    { schema: { params: byId, tags: ['channels'], summary: 'What a payer signs to open a voucher channel for a split, on each chain' } },
    async (request) => {
      const split = parties.splits.get(request.params.id)
      refuseForeign(parties.splits, split.splitId)
      return { data: payins.chains.map((chain) => termsOn(chain, { rates: ground.rates, split })) }
    },
  )
}

function termsOn(chain: ChainRail, { rates, split }: Pick<Ground, 'rates'> & Readonly<{ split: Split }>) {
  const { chainId, hub, token, tokenName, tokenVersion, closer } = chain.place
  const least = depositMin(chain, rates)
  return {
    rail: chain.rail,
    chain_id: chainId,
    hub,
    split_id: split.splitId,
    closer,
    token: { address: token, name: tokenName, version: tokenVersion },
    deposit_min: { ...moneyView(least), units: least.units.toString() },
  }
}

function addOpening(app: RouteApp, { parties, payins }: Pick<Faces, 'parties' | 'payins'>): void {
  app.post(
    '/v1/channels',
    {
      config: { weight: ASKS_A_CHAIN },
      schema: { body: openChannel, tags: ['channels'], summary: 'Open a channel, or top one up, by a signature; no gas needed' },
    },
    async (request, reply) => {
      const { split: key, rail, payer, salt, closer, deposit: d } = request.body
      const chain = chainOf(payins, rail)
      const { splitId } = parties.splits.get(key)
      refuseForeign(parties.splits, splitId)
      const terms = { payer, salt, splitId, token: chain.place.token, closer: closer ?? chain.place.closer }
      const deposit = { value: d.value, salt: d.salt, validAfter: d.valid_after, validBefore: d.valid_before, signature: d.signature }
      const opening = await payins.channels.open(chain, terms, deposit)
      if (opening.kind === 'open') return reply.code(201).send(await shown({ parties, payins }, opening.channel, { forOperator: false }))
      if (opening.kind === 'opening')
        return reply.code(202).send({ id: opening.id, object: 'channel', rail: chain.rail, status: 'opening' })
      throw new GatewayError('payment_not_collected', `The deposit was refused (${opening.reason})`, {
        hint: 'Nothing was taken. Check the balance, the nonce, the times and the signature of the authorization; docs/vouchers.md says what is signed.',
        meta: { channel: opening.id, reason: opening.reason },
      })
    },
  )
}

function addReading(app: RouteApp, { callers, parties, payins }: Pick<Faces, 'callers' | 'parties' | 'payins'>): void {
  app.get(
    '/v1/channels/:id',
    { schema: { params: channelId, querystring: channelRail, tags: ['channels'], summary: 'A channel' } },
    async (request) => {
      const forOperator = bearerOf(request) !== undefined && callers.authenticate(request).kind === 'operator'
      return shown({ parties, payins }, channelOf(payins, request.params.id, request.query.rail), { forOperator })
    },
  )
}

function addVouchers(app: RouteApp, { payins }: Pick<Faces, 'payins'>): void {
  app.post(
    '/v1/channels/:id/vouchers',
    { schema: { params: channelId, querystring: channelRail, body: sendVoucher, tags: ['channels'], summary: 'Pay by a voucher' } },
    async (request, reply) => {
      const channel = channelOf(payins, request.params.id, request.query.rail)
      const { receipt, cumulative, added, replayed } = await payins.channels.accept({ channel, ...request.body })
      if (replayed) reply.header('idempotent-replayed', 'true')
      return reply.code(replayed ? 200 : 201).send({
        object: 'voucher',
        channel: channel.id,
        receipt,
        accepted: moneyView(money(added.asset, cumulative)),
        added: moneyView(added),
      })
    },
  )
}

function addClaims(app: RouteApp, { callers, parties, payins }: Pick<Faces, 'callers' | 'parties' | 'payins'>): void {
  app.post(
    '/v1/splits/:id/claim_vouchers',
    {
      schema: { params: byId, querystring: onChain, tags: ['channels'], summary: "Claim every channel's newest voucher into the split" },
    },
    async (request, reply) => {
      requireOperator(callers.authenticate(request))
      const split = parties.splits.get(request.params.id)
      const chains = request.query.rail ? [chainOf(payins, request.query.rail)] : payins.chains
      const claims = await Promise.all(
        chains.map(async ({ rail }) => (await payins.channels.claim(rail, split.splitId)).map((c) => claimView(rail, c))),
      )
      const data = claims.flat()
      return reply.code(data.every((c) => c.outcome === 'settled') ? 200 : 202).send({ split: split.key, claims: data })
    },
  )
}

/** The chain that was named, or the first. Refuses with `rail_unavailable`. */
function chainOf({ chains }: Pick<PayinsFace, 'chains'>, rail: EvmRailName | undefined): ChainRail {
  const chain = rail === undefined ? chains[0] : chains.find((c) => c.rail === rail)
  if (!chain) throw new GatewayError('rail_unavailable', `${rail ?? 'evm'} is not configured`)
  return chain
}

/** The one channel of this id on the chains here, or on the one that was named. Refuses with `not_found` and `invalid_request`. */
function channelOf(
  { chains, channels }: Pick<PayinsFace, 'chains' | 'channels'>,
  id: string,
  rail: EvmRailName | undefined,
): VoucherChannel {
  const found = channels.records.withId(id).filter((c) => rail === undefined || c.rail === rail)
  const [channel, other] = found.filter((c) => chains.some((chain) => chain.rail === c.rail))
  if (!channel) throw new GatewayError('not_found', `No channel ${id} is known; a deposit shows when it is final`)
  if (other) throw new GatewayError('invalid_request', `Channel ${id} stands on ${channel.rail} and ${other.rail}: name one as ?rail=`)
  return channel
}

/** The channel with the chain's word on it, which the operator has anew. */
async function shown(
  { parties, payins }: Pick<Faces, 'parties' | 'payins'>,
  channel: VoucherChannel,
  { forOperator }: Readonly<{ forOperator: boolean }>,
) {
  const { asset } = chainOf(payins, channel.rail)
  const ask = forOperator ? payins.channels.askChain : payins.channels.chainState
  const state = channel.withdrawn ? undefined : await ask(channel)
  const split = parties.splits.bySplitId(channel.splitId)?.key
  return voucherChannelView(channel, { asset, split, state, forOperator })
}
