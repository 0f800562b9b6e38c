import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { ActFilter } from '../../ports/readModel.ts'
import { requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { shownNow } from '../http/shownNow.ts'
import { actsQuery } from './actWire.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** What people and keys have changed, the newest first. A party reads its own. */
export function actRoutes({ audit, callers, ledger }: Pick<Faces, 'audit' | 'callers' | 'ledger'>): FastifyPluginAsyncZod {
  return async (app) => {
    const summary = 'Who changed what, when and from where, the newest first'
    app.get('/v1/acts', { schema: { querystring: actsQuery, tags: ['people'], summary } }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { limit, after, party, person, key, resource, since, until } = request.query
      if (party !== undefined) requireParty(caller, party)
      const of = ofOne({ person, key, resource })
      const filter: ActFilter = { party: caller.kind === 'party' ? caller.party.id : party, of, since, until }
      const reads = await shownNow({ audit, ledger })
      const found = reads.acts(filter, { limit: limit + 1, before: after })
      if (!found) throw new GatewayError('not_found', `There is no act ${after} to go on after`)
      const page = found.slice(0, limit)
      const next = found.length > limit ? page.at(-1)?.id : undefined
      const rest = next === undefined ? '' : `,"next":${JSON.stringify(next)}`
      const data = page.map(({ body }) => body).join(',')
      return reply.type(JSON_TYPE).send(`{"data":[${data}],"has_more":${next !== undefined}${rest}}`)
    })
  }
}

function ofOne(asked: Readonly<Record<'person' | 'key' | 'resource', string | undefined>>): ActFilter['of'] {
  for (const what of ['person', 'key', 'resource'] as const) {
    const value = asked[what]
    if (value !== undefined) return { what, value }
  }
  return undefined
}
