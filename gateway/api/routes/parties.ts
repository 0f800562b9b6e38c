import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { accounts } from '../../ledger/journal/accounts.ts'
import { callerId, findOwn, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { partyView } from '../http/views.ts'
import { byId, createParty } from '../http/wire.ts'

/** Parties: those who pay from a balance and those who are owed. */
export function partyRoutes({
  callers,
  ledger,
  parties,
  payouts,
}: Pick<Faces, 'callers' | 'ledger' | 'parties' | 'payouts'>): FastifyPluginAsyncZod {
  const view = (id: string) => {
    const party = parties.parties.get(id)
    return partyView(party, ledger.books.accounts(accounts.party(id)), payouts.netting.gainOf(accounts.party(id)))
  }

  return async (app) => {
    app.post(
      '/v1/parties',
      { schema: { body: createParty, tags: ['parties'], summary: 'Register a party; its API key is shown this once' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        requireOperator(caller)
        let apiKey: string | undefined
        await callers.idempotent(request, reply, callerId(caller), async (record) => {
          const made = await parties.parties.create({ name: request.body.name, along: (party) => record(201, partyView(party, [])) })
          apiKey = made.apiKey
          // The key is not in the recorded answer: a repeat gets everything but the secret.
          reply.header('switchyard-api-key', apiKey)
        })
        return reply
      },
    )
    app.get('/v1/parties', { schema: { tags: ['parties'], summary: 'All parties' } }, async (request) => {
      requireOperator(callers.authenticate(request))
      return { data: parties.parties.list().map((p) => view(p.id)) }
    })
    app.get('/v1/parties/:id', { schema: { params: byId, tags: ['parties'], summary: 'A party with its balances' } }, async (request) => {
      const { id } = findOwn(
        callers.authenticate(request),
        () => parties.parties.get(request.params.id),
        (found, party) => found.id === party,
      )
      return view(id)
    })
  }
}
