import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { rightsAllow } from '../../parties/keys/key.ts'
import type { ListName } from '../../ports/readLists.ts'
import type { Faces } from '../http/faces.ts'
import { resourceOf } from '../http/needs.ts'
import { readPosition } from '../lists/answerList.ts'
import { listQuery } from '../lists/listQuery.ts'

/** What one resource of each list is called. */
const TYPES: Readonly<Record<ListName, string>> = {
  payment_intents: 'payment_intent',
  payment_links: 'payment_link',
  invoices: 'invoice',
  plans: 'plan',
  subscriptions: 'subscription',
  payments: 'payment',
  payouts: 'payout',
  payout_batches: 'payout_batch',
  quotes: 'quote',
  exchanges: 'exchange',
  refunds: 'refund',
  disputes: 'dispute',
  parties: 'party',
  splits: 'split',
  keys: 'key',
  lightning_addresses: 'lightning_address',
  withdraw_links: 'withdraw_link',
  wallet_apps: 'wallet_app',
  standing_orders: 'standing_order',
  reconciliation: 'break',
}
export const SEARCH_TYPES: readonly string[] = Object.values(TYPES)

const { reference, limit, wait } = listQuery({}).shape
const searchQuery = z.strictObject({ reference: reference.unwrap(), limit, wait })

/** What has a name: one look at an index, however much there is. */
export function searchRoutes({ audit, callers, ledger }: Pick<Faces, 'audit' | 'callers' | 'ledger'>): FastifyPluginAsyncZod {
  const schema = {
    querystring: searchQuery,
    tags: ['search'],
    summary: 'What has this reference or id, of any kind; a party finds its own',
  }
  return async (app) => {
    app.get('/v1/search', { schema }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { query } = request
      await readPosition({ audit, ledger }, query.wait, reply)
      const party = caller.kind === 'party' ? caller.party.id : undefined
      const found = audit.projector.reads.lists.found(query.reference, party, query.limit + 1)
      const shown = found
        .slice(0, query.limit)
        .filter(({ list }) => rightsAllow(caller.terms.can, { resource: resourceOf(list), verb: 'read' }))
      const data = shown.map(({ list, id }) => ({
        object: 'search_result',
        type: TYPES[list],
        id,
        url: `/v1/${list}/${encodeURIComponent(id)}`,
      }))
      return { data, has_more: found.length > query.limit }
    })
  }
}
