type Handler<T, Q, R> = (this: T, request: Q, reply: R) => unknown

/**
 * The handler of a priced route, whose answer is always seen. Fastify answers nothing, and calls no hook, where a handler answers nothing and its caller has
 * left: the work would be done, and nobody would be told that it has ended. `isOpen`: its answer was not seen yet.
 */
export function endingAlways<T, Q, R extends { readonly raw: { readonly closed: boolean } }>(
  handler: Handler<T, Q, R>,
  isOpen: (request: Q) => boolean,
): Handler<T, Q, R> {
  return function (request, reply) {
    const answer = handler.call(this, request, reply)
    // One that calls back says itself when it has ended.
    if (!(answer instanceof Promise)) return answer
    // An empty answer in place of none goes to nobody.
    return answer.then((payload: unknown) => (payload === undefined && reply.raw.closed && isOpen(request) ? '' : payload))
  }
}
