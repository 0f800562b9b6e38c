import type { FastifyInstance } from 'fastify'
import type { Books } from '../../ports/books.ts'

const FAULT_STATUS_MIN = 500

/** What the routes of this app answer has been read of the books, which may be one block ahead of the disk: no answer leaves before that block is durable. */
export function answerDurable(app: FastifyInstance, books: Pick<Books, 'durable'>): void {
  app.addHook('onSend', (_request, { statusCode }, payload, done) => {
    // An answer that says that this went wrong shows nothing of the books.
    const soon = statusCode < FAULT_STATUS_MIN ? books.durable() : undefined
    if (!soon) return done(null, payload)
    soon.then(() => done(null, payload), done)
  })
}
