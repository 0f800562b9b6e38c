import { GatewayError } from '../errors/gatewayError.ts'

/** So much of an answer is read ahead of the caller, who may want no more of it than its status. */
const AHEAD_BYTES = 65_536

/** A body may be as long as it likes, and not be silent for longer than this. */
const SILENT_MS_MAX = 60_000

/** `received`: the answer is here to its end, or its caller wants no more of it. `broken`: the rest of it will not come. */
type Endings = Readonly<{ signal: AbortSignal | null | undefined; received: () => Promise<void>; broken: () => void }>

/** The same answer, which says how its body ends. Reading one that breaks off throws `outcome_unknown`, or the caller's abort reason. */
export async function receivedAnswer(response: Response, { signal, received, broken }: Endings): Promise<Response> {
  const { body, status, statusText, headers, url } = response
  // A Response cannot be made of every status that a server may send, nor of every word beside it.
  if (!body || body.locked || status < 200 || status > 599) {
    await received()
    return response
  }
  const reader = body.getReader()
  const source: UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> = {
    async pull(controller) {
      try {
        const { done, value } = await inTime(reader.read())
        if (!done) return controller.enqueue(value)
      } catch (cause) {
        broken()
        void reader.cancel(cause).catch(() => undefined)
        return controller.error(signal?.aborted ? signal.reason : cutOff(url, cause))
      }
      await received()
      controller.close()
    },
    async cancel(reason) {
      await received()
      await reader.cancel(reason)
    },
  }
  const whole = new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: AHEAD_BYTES }))
  const answer = new Response(whole, { status, statusText: /^[ -~]*$/.test(statusText) ? statusText : '', headers })
  return Object.defineProperty(answer, 'url', { value: url })
}

function cutOff(url: string, cause: unknown): GatewayError {
  return new GatewayError('outcome_unknown', `The answer of ${url} was paid for and broke off`, {
    hint: 'Make the same request again: it sends the same credential and pays nothing.',
    cause,
  })
}

/** Rejects when nothing comes for too long. */
async function inTime<T>(part: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${SILENT_MS_MAX} ms`)), SILENT_MS_MAX)
  })
  try {
    return await Promise.race([part, late])
  } finally {
    clearTimeout(timer)
  }
}
