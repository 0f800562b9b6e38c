import type { FastifyRequest } from 'fastify'
import { type ActFact, type ActId, toActFact } from '../../parties/acts/facts.ts'
import type { Fact } from '../../ports/books.ts'
import { type Caller, callerId } from './authenticate.ts'

/** What programs ask by the thousand, where the thing that is made says all: these are no acts, unless they wait for another person. */
const TRAFFIC: ReadonlySet<string> = new Set(['POST /v1/payment_intents', 'POST /v1/payment_intents/:id/pay'])
const WAITS = 202
const RESOURCES_MAX = 8
const NAME_MAX = 120

type Done = Readonly<{ id: ActId; at: number; status: number; body: unknown }>

/** Who did what from where, to become durable with what it did; nothing for what is no act. */
export function actOf(request: FastifyRequest, caller: Caller, { id, at, status, body }: Done): readonly Fact[] {
  const what = `${request.method} ${request.routeOptions.url ?? ''}`
  if (TRAFFIC.has(what) && status !== WAITS) return []
  const { key, person, role } = caller
  const data: ActFact['data'] = {
    by: callerId(caller),
    ...(person === undefined ? {} : { person }),
    ...(role ? { role } : {}),
    ...(key ? { key } : {}),
    from: request.ip,
    what,
    resources: resourcesOf(request, body),
    status,
    request: request.id,
  }
  return [toActFact({ type: 'act.done', id, at, data })]
}

/** The ids of its path, of what was made, and of the party that it is for. */
function resourcesOf({ params, body: asked }: Pick<FastifyRequest, 'params' | 'body'>, answered: unknown): readonly string[] {
  const named = [...Object.values(fieldsOf(params)), fieldsOf(answered).id, fieldsOf(answered).party, fieldsOf(asked).party]
  const ids = named.filter((id): id is string => typeof id === 'string' && id.length <= NAME_MAX)
  return [...new Set(ids)].slice(0, RESOURCES_MAX)
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {} // Some object.
}
