import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'

/**
 * The handler of a priced route, whose answer is always seen. Fastify answers nothing, and calls no hook, where a handler answers nothing and its caller has
 * left: the work would be done, and nobody would be told that it has ended.
 */
export function endingAlways(handler: RouteHandlerMethod): RouteHandlerMethod {
  return function (request, reply) {
    const answer: unknown = handler.call(this, request, reply)
    // One that calls back says itself when it has ended.
    return answer instanceof Promise ? answer.then((payload) => payload ?? whatIsLeft(request, reply, payload)) : answer
  }
}

/** An empty answer in place of none, which goes to nobody. */
function whatIsLeft({ paid }: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  return payload === undefined && paid?.isAnswered === false && reply.raw.closed ? '' : payload
}
