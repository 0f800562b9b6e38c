/** What is used of Fastify's reply. `raw`: `closed` once nothing can go out any more. */
type Reply = {
  readonly raw: { readonly closed: boolean; once(event: 'close', over: () => void): unknown }
  code(status: number): unknown
  header(name: string, value: string): unknown
}
type NodeStream = { readonly readableLength: number; readonly destroyed: boolean; readonly errored?: Error | null } & Record<
  'once' | 'off',
  StreamEvents
>
type StreamEvents = (event: 'readable' | 'end' | 'close' | 'error', listener: (error?: Error) => void) => unknown

/**
 * What a handler of Fastify answers, as it is known once its first bytes are there, or none will come: a stream that fails before is no answer, and a Response
 * has its own status, which Fastify reads when it is too late to give money back. Throws what the stream fails
 * with, after `onFailed`: Fastify answers that next. Who has left waits for nothing.
 */
export async function begunAnswer(given: unknown, reply: Reply, onFailed: () => void): Promise<unknown> {
  try {
    return await begunOf(given, reply)
  } catch (error) {
    onFailed()
    throw error
  }
}

async function begunOf(payload: unknown, reply: Reply): Promise<unknown> {
  if (Object.prototype.toString.call(payload) === '[object Response]') {
    const { status, headers, body } = payload as Response // By its tag.
    reply.code(status)
    for (const [name, value] of headers) reply.header(name, value)
    return body === null ? '' : begunWeb(body, reply)
  }
  if (payload instanceof ReadableStream) return begunWeb(payload, reply)
  if (isNodeStream(payload)) await begunNode(payload, reply)
  return payload
}

/** Calls back once nothing can go out any more, which may be so already. */
export function whenOver({ raw }: Pick<Reply, 'raw'>, over: () => void): void {
  if (raw.closed) over()
  else raw.once('close', over)
}

/** Its first part is read, and given on before the others. */
async function begunWeb(stream: ReadableStream<Uint8Array>, reply: Reply): Promise<ReadableStream<Uint8Array>> {
  const reader = stream.getReader()
  const left = new Promise<void>((leave) => whenOver(reply, leave))
  let next: Promise<ReadableStreamReadResult<Uint8Array>> | undefined = reader.read()
  await Promise.race([next, left])
  return new ReadableStream({
    async pull(to) {
      const part = await (next ?? reader.read())
      next = undefined
      if (part.done) to.close()
      else to.enqueue(part.value)
    },
    cancel: (why) => reader.cancel(why),
  })
}

async function begunNode(stream: NodeStream, reply: Reply): Promise<void> {
  if (stream.errored) throw stream.errored
  const events = ['readable', 'end', 'close'] as const
  let begun = (): void => {}
  const beginning = new Promise<void>((resolve, reject) => {
    begun = resolve
    // It stays: what fails before Fastify listens would end the process.
    stream.once('error', reject)
  })
  if (stream.readableLength > 0 || stream.destroyed) begun()
  whenOver(reply, begun)
  for (const event of events) stream.once(event, begun)
  await beginning.finally(() => {
    for (const event of events) stream.off(event, begun)
  })
}

function isNodeStream(payload: unknown): payload is NodeStream {
  return typeof payload === 'object' && payload !== null && 'pipe' in payload && 'readableLength' in payload
}
