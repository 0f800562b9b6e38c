import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { money } from '../../money/money.ts'
import type { ChainRail } from '../../payins/openPayins.ts'
import type { VoucherChannel } from '../../payins/settlement/voucherChannelRecords.ts'
import { depositMin } from '../../payins/vouchers/openVoucherChannel.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import { bearerOf, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { claimView, moneyView } from '../http/views.ts'
import { byId, onChain } from '../http/wire.ts'
import { channelId, channelRail, openChannel, sendVoucher } from './voucherChannelWire.ts'

/** Voucher channels. Payers have no API key here: what they may do, they prove by signatures. */
export function voucherChannelRoutes({
  callers,
  ground,
  parties,
  payins,
}: Pick<Faces, 'callers' | 'ground' | 'parties' | 'payins'>): FastifyPluginAsyncZod {
  const chainOf = (rail: EvmRailName | undefined): ChainRail => {
    const chain = rail === undefined ? payins.chains[0] : payins.chains.find((c) => c.rail === rail)
    if (!chain) throw new GatewayError('rail_unavailable', `${rail ?? 'evm'} is not configured`)
    return chain
  }

  function channelOf(id: string, rail: EvmRailName | undefined): VoucherChannel {
    const found = payins.channels.view.withId(id).filter((c) => rail === undefined || c.rail === rail)
    const [channel, other] = found.filter((c) => payins.chains.some((chain) => chain.rail === c.rail))
    if (!channel) throw new GatewayError('not_found', `No channel ${id} is known; a deposit shows when it is final`)
    if (other) throw new GatewayError('invalid_request', `Channel ${id} stands on ${channel.rail} and ${other.rail}: name one as ?rail=`)
    return channel
  }

  /** What anyone can read on the chain; and for the operator what only we know. */
  async function view(channel: VoucherChannel, forOperator: boolean) {
    const { asset } = chainOf(channel.rail)
    const ask = forOperator ? payins.channels.askChain : payins.channels.chainState
    const state = channel.withdrawn ? undefined : await ask(channel)
    const own = { accepted: moneyView(money(asset, channel.accepted)), claimed: moneyView(money(asset, state?.claimed ?? 0n)) }
    return {
      id: channel.id,
      object: 'channel',
      rail: channel.rail,
      split: parties.splits.bySplitId(channel.splitId)?.key ?? null,
      status: !state ? 'closed' : state.closeAt === 0n ? 'open' : 'closing',
      payer: channel.payer,
      salt: channel.salt.toString(),
      closer: channel.closer,
      deposit: moneyView(money(asset, channel.deposit)),
      ...(forOperator && state ? own : {}),
    }
  }

  return async (app) => {
    app.get(
      '/v1/splits/:id/channel_terms',
      { schema: { params: byId, tags: ['channels'], summary: 'What a payer signs to open a voucher channel for a split, on each chain' } },
      async (request) => {
        const split = parties.splits.get(request.params.id)
        const data = payins.chains.map((chain) => {
          const { chainId, hub, token, tokenName, tokenVersion, closer } = chain.place
          const least = depositMin(chain, ground.rates)
          return {
            rail: chain.rail,
            chain_id: chainId,
            hub,
            split_id: split.splitId,
            closer,
            token: { address: token, name: tokenName, version: tokenVersion },
            deposit_min: { ...moneyView(least), units: least.units.toString() },
          }
        })
        return { data }
      },
    )
    app.post(
      '/v1/channels',
      { schema: { body: openChannel, tags: ['channels'], summary: 'Open a channel, or top one up, by a signature; no gas needed' } },
      async (request, reply) => {
        const { split: key, rail, payer, salt, closer, deposit: d } = request.body
        const chain = chainOf(rail)
        const { splitId } = parties.splits.get(key)
        const terms = { payer, salt, splitId, token: chain.place.token, closer: closer ?? chain.place.closer }
        const deposit = { value: d.value, salt: d.salt, validAfter: d.valid_after, validBefore: d.valid_before, signature: d.signature }
        const opening = await payins.channels.open(chain, terms, deposit)
        if (opening.kind === 'open') return reply.code(201).send(await view(opening.channel, false))
        if (opening.kind === 'opening')
          return reply.code(202).send({ id: opening.id, object: 'channel', rail: chain.rail, status: 'opening' })
        throw new GatewayError('payment_not_collected', `The deposit was refused (${opening.reason})`, {
          hint: 'Nothing was taken. Check the balance, the nonce, the times and the signature of the authorization; docs/vouchers.md says what is signed.',
          meta: { channel: opening.id, reason: opening.reason },
        })
      },
    )
    app.get(
      '/v1/channels/:id',
      { schema: { params: channelId, querystring: channelRail, tags: ['channels'], summary: 'A channel' } },
      async (request) => {
        const forOperator = bearerOf(request) !== undefined && callers.authenticate(request).kind === 'operator'
        return view(channelOf(request.params.id, request.query.rail), forOperator)
      },
    )
    app.post(
      '/v1/channels/:id/vouchers',
      { schema: { params: channelId, querystring: channelRail, body: sendVoucher, tags: ['channels'], summary: 'Pay by a voucher' } },
      async (request, reply) => {
        const channel = channelOf(request.params.id, request.query.rail)
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
    app.post(
      '/v1/splits/:id/claim_vouchers',
      {
        schema: { params: byId, querystring: onChain, tags: ['channels'], summary: "Claim every channel's newest voucher into the split" },
      },
      async (request, reply) => {
        requireOperator(callers.authenticate(request))
        const split = parties.splits.get(request.params.id)
        const chains = request.query.rail ? [chainOf(request.query.rail)] : payins.chains
        const claims = await Promise.all(
          chains.map(async ({ rail }) => (await payins.channels.claim(rail, split.splitId)).map((c) => claimView(rail, c))),
        )
        const data = claims.flat()
        return reply.code(data.every((c) => c.outcome === 'settled') ? 200 : 202).send({ split: split.key, claims: data })
      },
    )
  }
}
