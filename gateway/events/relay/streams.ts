import { GatewayError } from '../../errors/gatewayError.ts'
import type { EventFilter } from '../../ports/readModel.ts'
import type { FromStreams, ToStreams } from './streamLink.ts'

/** Streams at the same time: of one caller, and in all. `stalledMs`: who takes nothing for so long is let go; `beatMs`: how often the others hear something. */
export type StreamLimits = Readonly<{ perCaller: number; inAll: number; beatMs: number; stalledMs: number }>
export const STREAM_LIMITS: StreamLimits = { perCaller: 10, inAll: 200, beatMs: 15_000, stalledMs: 30_000 }

/** Where a reader is: `write` calls back when it went out. `may`: whether it may still read, which is asked at each beat. */
export type Sink = Readonly<{ may: () => boolean; write: (chunk: Uint8Array, taken: () => void) => void; end: () => void }>
/** The thread that reads events for streams. It is started by the first message. */
export type StreamThread = Readonly<{ post: (message: ToStreams) => void; close: () => Promise<void> }>

type Open = { readonly caller: string; readonly sink: Sink; waitingSince: number | undefined }

/** What the cursor before the first event is called. */
export const FIRST = 'first'
const BEAT = Buffer.from(':\n\n')

/** The readers of streams: each is given what it can take, and let go when it takes nothing. */
export function createStreams(o: {
  thread: (onText: (message: FromStreams) => void, onEnded: () => void) => StreamThread
  limits: StreamLimits
  now: () => number
}) {
  const open = new Map<number, Open>()
  const taken: number[] = []
  let last = 0
  let beating: NodeJS.Timeout | undefined
  const thread = o.thread(
    ({ streams, text }) => {
      const chunk = Buffer.from(text)
      for (const id of streams) give(id, chunk, () => tell(id))
    },
    () => endAll(),
  )

  function give(id: number, chunk: Uint8Array, done: () => void): void {
    const stream = open.get(id)
    if (!stream) return
    stream.waitingSince = o.now()
    stream.sink.write(chunk, () => {
      stream.waitingSince = undefined
      done()
    })
  }

  /** What goes out in one turn is told in one message. */
  function tell(id: number): void {
    if (!open.has(id)) return
    if (taken.push(id) === 1) setImmediate(() => thread.post({ kind: 'taken', streams: taken.splice(0) }))
  }

  function close(id: number): void {
    if (!open.delete(id)) return
    thread.post({ kind: 'close', stream: id })
    if (open.size === 0) clearInterval(beating)
  }

  function letGo(id: number): void {
    const sink = open.get(id)?.sink
    close(id)
    sink?.end()
  }
  const beatAll = () => beat(open, { now: o.now(), stalledMs: o.limits.stalledMs, give: (id) => give(id, BEAT, () => undefined), letGo })
  const endAll = () => [...open.keys()].forEach(letGo)

  return {
    /** Throws `too_many_streams` when one more is too much for this caller, or for all. */
    check: (caller: string): void => refuseMore(open, caller, o.limits),
    /** Writes the events after `after` and those to come to the sink; answers what ends it. */
    open(caller: string, filter: EventFilter, after: string, sink: Sink): () => void {
      last += 1
      const id = last
      open.set(id, { caller, sink, waitingSince: undefined })
      if (open.size === 1) beating = setInterval(beatAll, o.limits.beatMs)
      // Whoever is cut off before the first event knows by this where to go on.
      give(id, Buffer.from(`retry: 1000\nid: ${after === '' ? FIRST : after}\n\n`), () => undefined)
      thread.post({ kind: 'open', stream: id, filter, after })
      return () => close(id)
    },
    endAll,
    async close(): Promise<void> {
      endAll()
      await thread.close()
    },
  }
}

function refuseMore(open: ReadonlyMap<number, Open>, caller: string, { perCaller, inAll }: StreamLimits): void {
  const own = [...open.values()].filter((stream) => stream.caller === caller).length
  if (own >= perCaller) throw new GatewayError('too_many_streams', `This key has ${own} streams open already`)
  if (open.size >= inAll) throw new GatewayError('too_many_streams', `${open.size} streams are open already`)
}

type Beat = Readonly<{ now: number; stalledMs: number; give: (id: number) => void; letGo: (id: number) => void }>

/** Lets go who takes nothing or may not read any more, and lets the others hear that the line stands. */
function beat(open: ReadonlyMap<number, Open>, { now, stalledMs, give, letGo }: Beat): void {
  for (const [id, { sink, waitingSince }] of [...open]) {
    if (!sink.may()) letGo(id)
    else if (waitingSince === undefined) give(id)
    else if (now - waitingSince >= stalledMs) letGo(id)
  }
}
