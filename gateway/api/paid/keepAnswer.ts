import { finished, PassThrough, Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { PaidRequest } from '../../payins/claim/paidRequest.ts'
import { AGAIN_LIFE_MS, OFFER_LIFE_MS } from '../../payins/claim/replay.ts'
import type { AnswerWriter, KeptAnswers } from '../../ports/keptAnswers.ts'

/** A route that says nothing keeps answers of so many bytes; none keeps longer ones than the second. */
const KEEP_BYTES = 8_388_608
const KEEP_BYTES_MAX = 67_108_864
/** So much of a stream is ahead of its payer before its source is asked to wait. */
const AHEAD_BYTES_MAX = 65_536
/** A stream whose payer has gone is read on for so long at most. */
const READ_ON_MS = 300_000

/** What a route says of its long answers: how many bytes of one are kept, of which seller, and whether the request names itself. */
export type Keeping = Readonly<{ bytesMax: number; seller: string; keyed: boolean }>

/** The bytes that a route keeps of one answer. Throws `seller_misconfigured` for what is no such number. */
export function keepBytesOf(keep: number | undefined): number {
  if (keep === undefined) return KEEP_BYTES
  if (Number.isInteger(keep) && keep >= 0 && keep <= KEEP_BYTES_MAX) return keep
  throw new GatewayError('seller_misconfigured', `keep is a number of bytes from 0 to ${KEEP_BYTES_MAX}`, {
    hint: 'Leave keep out of the route, or make it 0 to give long answers and streams once.',
  })
}

/** `drop`: it could not be recorded, for this reason, which is thrown again. */
type Long = Readonly<{ give: () => unknown; drop: (error: unknown) => Promise<never> }>

/**
 * Begins to keep an answer that is too long for the journal: one that is whole is on the disk when this resolves, a stream while it is given. Undefined where
 * the answer is given once. Only a plain 200 is kept, because nothing is stored of its headers but the type.
 */
export async function keepLong(
  answers: KeptAnswers | undefined,
  reply: Pick<FastifyReply, 'statusCode' | 'getHeader'>,
  { payload, request, keeping, onOver }: Readonly<{ payload: unknown; request: PaidRequest; keeping: Keeping; onOver?: () => void }>,
): Promise<Long | undefined> {
  if (!answers || keeping.bytesMax === 0 || reply.statusCode !== 200 || reply.getHeader('content-encoding') !== undefined) return undefined
  const { receipt, claimKey, rail, payer } = request
  // Who pays over Lightning has no name, and each of them a share of its own.
  const owner = { receipt, claimKey, seller: keeping.seller, payer: rail === 'lightning' ? claimKey : payer }
  const { bytesMax } = keeping
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  if (bytes instanceof Uint8Array) {
    const writer = answers.begin(owner, { bytesMax, bytes: bytes.byteLength })
    if (!writer) return undefined
    await writer.write(bytes)
    return (await writer.end(lifeOf(keeping))) ? { give: () => payload, drop: (error) => Promise.reject(error) } : undefined
  }
  if (!isStream(payload)) return undefined
  const writer = answers.begin(owner, { bytesMax })
  return (
    writer && {
      give: () => keepStream(readableOf(payload), writer, { ...keeping, onOver }),
      drop: (error) => writer.drop().then(() => Promise.reject(error)),
    }
  )
}

/** The time for which a repeat gets it, as it does the short ones. */
function lifeOf({ keyed }: Keeping): number {
  return keyed ? AGAIN_LIFE_MS : OFFER_LIFE_MS
}

export function isStream(payload: unknown): payload is Readable | ReadableStream {
  return payload instanceof Readable || payload instanceof ReadableStream
}

export function readableOf(stream: Readable | ReadableStream): Readable {
  return stream instanceof Readable ? stream : Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]) // The same, as Node types it.
}

/**
 * The stream as its payer gets it, written to the disk meanwhile. Its source waits for the payer, and for the disk where that is far behind. When the payer
 * goes, it is read on for the repeat, as long as it is kept. Its end is told once it is kept, so that who has seen the end gets all of it again; of one that
 * breaks off what came is kept. `onOver`: nothing more is read.
 */
function keepStream(source: Readable, writer: AnswerWriter, keeping: Keeping & Readonly<{ onOver: (() => void) | undefined }>): Readable {
  const out = new PassThrough({ highWaterMark: AHEAD_BYTES_MAX })
  let readOn: NodeJS.Timeout | undefined
  finished(out, { readable: false }, (error) => {
    if (error) readOn = setTimeout(() => source.destroy(new Error('its payer has gone, and it does not end')), READ_ON_MS).unref()
  })
  give(source, out, writer)
    .then(
      async () => {
        await writer.end(lifeOf(keeping))
        out.end()
      },
      async (error: Error) => {
        await writer.end(lifeOf(keeping), 'cut')
        out.destroy(error)
      },
    )
    .finally(() => {
      clearTimeout(readOn)
      keeping.onOver?.()
    })
  return out
}

async function give(source: Readable, out: PassThrough, writer: AnswerWriter): Promise<void> {
  for await (const chunk of source) {
    const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    await writer.write(bytes)
    if (!out.destroyed && !out.write(bytes)) await drained(out)
    // Nobody gets it, now or later.
    if (out.destroyed && !writer.kept()) return
  }
}

/** When the payer has taken what was given, or has gone. */
function drained(out: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      out.off('drain', done).off('close', done)
      resolve()
    }
    out.on('drain', done).on('close', done)
  })
}
