import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'

/**
 * Answers a wallet as LUD-01 says: what the work gives, or `{"status":"ERROR","reason":...}` with status 200, because wallets look at the body. Readable
 * from any web page, since wallets live in pages too.
 */
export async function lnurlAnswer(reply: FastifyReply, work: () => Promise<unknown>): Promise<unknown> {
  reply.header('access-control-allow-origin', '*')
  try {
    return await work()
  } catch (error) {
    if (!isGatewayError(error)) throw error
    if (error.code === 'not_found') reply.code(404)
    return { status: 'ERROR', reason: error.shortMessage }
  }
}

/** The query as this shape, or `invalid_request` with the first trouble in words. */
export function readQuery<T>(request: FastifyRequest, shape: z.ZodType<T>): T {
  const read = shape.safeParse(request.query)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new GatewayError('invalid_request', `The parameter ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`)
}

/** How wallets reach this gateway: as the operator configured it, else as this request did. */
export function baseUrl({ publicUrl }: { publicUrl: string | undefined }, request: FastifyRequest): URL {
  return new URL(publicUrl ?? `${request.protocol}://${request.host}`)
}
