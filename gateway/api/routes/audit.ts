import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Faces } from '../http/faces.ts'
import { byId } from '../http/wire.ts'
import { consistencyQuery } from './ledgerWire.ts'

const TEXT = 'text/plain; charset=utf-8'

/** The audit log for anyone: hashes say nothing of a payment to who does not hold its receipt. */
export function auditRoutes({ audit: { projector } }: Pick<Faces, 'audit'>): FastifyPluginAsyncZod {
  const { audit } = projector
  return async (app) => {
    app.get(
      '/v1/audit/key',
      { schema: { tags: ['audit'], summary: 'The key of the log, as verifiers of signed notes take it' } },
      async (_request, reply) => reply.type(TEXT).send(`${audit.verifierKey}\n`),
    )
    app.get(
      '/v1/audit/checkpoint',
      { schema: { tags: ['audit'], summary: 'The newest signed tree head (C2SP tlog-checkpoint)' } },
      async (_request, reply) => reply.type(TEXT).send(audit.checkpoint()),
    )
    app.get(
      '/v1/audit/consistency',
      {
        schema: {
          querystring: consistencyQuery,
          tags: ['audit'],
          summary: 'Proof that one checkpoint is the beginning of another (RFC 6962)',
        },
      },
      async (request) => {
        const { from, to } = request.query
        return { from, to, proof: audit.consistency(from, to) }
      },
    )
    app.get(
      '/v1/audit/inclusion/:id',
      { schema: { params: byId, tags: ['audit'], summary: 'Proof that a receipt is in the log (C2SP tlog-proof)' } },
      async (request, reply) => {
        const proof = audit.inclusion(request.params.id)
        if (proof === undefined) {
          throw new GatewayError('not_found', `No checkpoint has the receipt ${request.params.id.slice(0, 60)} yet`, {
            hint: 'A receipt is under a checkpoint seconds after its payment. Check the id, or ask again.',
          })
        }
        return reply.type(TEXT).send(proof)
      },
    )
  }
}
