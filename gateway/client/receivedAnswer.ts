import { GroundError } from '../errors/groundError.ts'

/** So much of an answer is read ahead of the caller, who may want no more of it than its status. */
export const AHEAD_BYTES = 65_536

/** A body may be as long as it likes, and not be silent for longer than this. */
const SILENT_MS_MAX = 60_000

/** `received`: the answer is here to its end, or its caller wants no more of it. `broken`: the rest of it will not come, or its caller could not take it. */
type Endings = Readonly<{ signal: AbortSignal | null | undefined; aheadBytes: number; received: () => Promise<void>; broken: () => void }>

/** The same answer, which says how its body ends. Reading one that breaks off throws `outcome_unknown`, or the caller's abort reason. */
export async function receivedAnswer(response: Response, { signal, aheadBytes, received, broken }: Endings): Promise<Response> {
  const { body, status, statusText, headers, url } = response
  // A Response cannot be made of every status that a server may send, nor of every word beside it.
  if (!body || body.locked || status < 200 || status > 599) {
    await received()
    return response
  }
  const reader = body.getReader()
  let isCancelled = false
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
      // What was being read ahead ends then, and is no end of the answer.
      if (isCancelled) return
      await received()
      controller.close()
    },
    async cancel(reason) {
      isCancelled = true
      // Who wants no more has nothing to say; a pipe whose end fails has.
      if (reason === undefined) await received()
      else broken()
      await reader.cancel(reason)
    },
  }
  const whole = new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: aheadBytes }))
  const answer = new Response(whole, { status, statusText: /^[ -~]*$/.test(statusText) ? statusText : '', headers })
  return Object.defineProperty(answer, 'url', { value: url })
}

function cutOff(url: string, cause: unknown): GroundError {
  return new GroundError('outcome_unknown', `The answer of ${url} was paid for and broke off`, {
    hint: 'Make the same request again: it sends the same credential and pays nothing.',
    cause,
  })
}

/** Rejects with a `TimeoutError` when nothing comes for too long. */
export async function inTime<T>(part: Promise<T>, ms = SILENT_MS_MAX): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException(`nothing came for ${ms} ms`, 'TimeoutError')), ms)
  })
  try {
    return await Promise.race([part, late])
  } finally {
    clearTimeout(timer)
  }
}
