import type { HeldParts } from './keptText.ts'

/** Who reads nothing of a stream for so long has gone, though its connection stands. */
export const UNREAD_MS = 300_000

/**
 * How an answer goes out whose work is metered: each part once what was used for it is `covered`; `end` says once that it is over, with the text of
 * an answer that is whole and short enough to be kept. `onCut` is given what ends it when its time is over.
 */
export type Flow = Readonly<{
  owes: () => boolean
  covered: () => Promise<void>
  end: (text?: string) => void
  onCut: (cut: (error: Error) => void) => void
}>

export type NodeStream = AsyncIterable<Uint8Array | string> & { destroy?: (error?: Error) => unknown }
/** A stream of the web, or of Node. */
export type Streamed = ReadableStream<Uint8Array> | NodeStream

/** The parts of a stream, each as its flow lets it go, `held` for the end. Who breaks off, or does not read on, ends the work too. */
export function flowing(source: Streamed, flow: Flow, held?: HeldParts): ReadableStream<Uint8Array> {
  const { next, leave } = source instanceof ReadableStream ? partsOfWeb(source) : partsOfNode(source)
  let unread: ReturnType<typeof setTimeout> | undefined
  return new ReadableStream<Uint8Array>(
    {
      start(to) {
        flow.onCut((error) => {
          clearTimeout(unread)
          to.error(error)
          leave()
        })
      },
      async pull(to) {
        clearTimeout(unread)
        try {
          const part = await next()
          // The last part is given before its end, so that nobody waits for the word of it.
          if (part === undefined) {
            flow.end(held?.text())
            return to.close()
          }
          held?.add(part)
          await flow.covered()
          to.enqueue(part)
          unread = setTimeout(() => {
            flow.end()
            to.error(new Error('nothing of it was read for too long'))
            leave()
          }, UNREAD_MS)
        } catch (error) {
          flow.end()
          leave()
          throw error
        }
      },
      cancel() {
        clearTimeout(unread)
        flow.end()
        leave()
      },
    },
    { highWaterMark: 0 },
  )
}

type Parts = Readonly<{ next: () => Promise<Uint8Array | undefined>; leave: () => void }>

function partsOfWeb(source: ReadableStream<Uint8Array>): Parts {
  const reader = source.getReader()
  return {
    next: async () => (await reader.read()).value,
    leave: () => void reader.cancel().catch(() => {}),
  }
}

function partsOfNode(source: NodeStream): Parts {
  const parts = source[Symbol.asyncIterator]()
  return {
    async next() {
      const { done, value } = await parts.next()
      if (done) return undefined
      return typeof value === 'string' ? new TextEncoder().encode(value) : value
    },
    leave: () => void source.destroy?.(),
  }
}
