import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { FileTurns } from './fileTurns.ts'

/** Who takes nothing for so long gives its turn back. */
const IDLE_MS_MAX = 60_000

type File = Readonly<{ caller: string; turns: FileTurns; type: string; name: string; parts: Iterable<string> }>

/**
 * Answers with a file that is written while it is read: a part at a time, others' requests between two of them. What goes wrong in the middle ends the
 * connection, so that nobody takes a part for the whole. Throws `too_busy`.
 */
export function sendFile(reply: FastifyReply, { caller, turns, type, name, parts }: File): FastifyReply {
  const done = turns(caller)
  const stream = Readable.from(inTurn(parts), { objectMode: false })
  stream.once('close', done)
  reply.raw.setTimeout(IDLE_MS_MAX, () => reply.raw.destroy())
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`).header('cache-control', 'no-store').send(stream)
}

async function* inTurn(parts: Iterable<string>): AsyncGenerator<Buffer> {
  for (const part of parts) {
    yield Buffer.from(part)
    await turn()
  }
}
