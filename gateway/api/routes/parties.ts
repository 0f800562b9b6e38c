import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { accounts } from '../../ledger/journal/accounts.ts'
import { findOwn, KEY_HEADER, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { partyView } from '../http/views.ts'
import { byId, createParty, wholePage } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { byMetadata, listQuery } from '../lists/listQuery.ts'

/** Also what a repeat says, after an answer that was lost with the key in it. */
const KEY_HINT = `The API key is in the header ${KEY_HEADER} of the first answer to this request, and nowhere else. Where it is lost, have another made: POST /v1/keys with the party’s id, by the operator.`

const partiesQuery = listQuery({ limit: wholePage, ...byMetadata })

/** Parties: those who pay from a balance and those who are owed. */
export function partyRoutes({
  audit,
  callers,
  ground,
  ledger,
  parties,
  payouts,
}: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'payouts'>): FastifyPluginAsyncZod {
  const view = (id: string) => {
    const party = parties.parties.get(id)
    return partyView(party, ledger.books.accounts(accounts.party(id)), payouts.netting.gainOf(accounts.party(id)))
  }

  return async (app) => {
    app.post(
      '/v1/parties',
      {
        schema: {
          body: createParty,
          tags: ['parties'],
          summary: 'Register a party; its API key is in the header switchyard-api-key, this once',
        },
      },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        requireOperator(caller)
        let apiKey: string | undefined
        await callers.idempotent(request, reply, caller, async (record) => {
          const made = await parties.parties.create({
            name: request.body.name,
            metadata: request.body.metadata,
            along: (party) => record(201, { ...partyView(party, []), hint: KEY_HINT }),
          })
          apiKey = made.apiKey
          // The key is not in the recorded answer: a repeat gets everything but the secret.
          reply.header(KEY_HEADER, apiKey)
        })
        return reply
      },
    )
    const listed = { querystring: partiesQuery, tags: ['parties'], summary: 'Newest first, with balances; a party sees itself' }
    app.get('/v1/parties', { schema: listed }, async (request, reply) => {
      const caller = callers.authenticate(request)
      return answerList({ audit, ground, ledger }, { caller, list: 'parties', query: request.query, reply, show: view })
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
