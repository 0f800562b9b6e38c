import type { Finish } from './finishRun.ts'
import { gateOf, type Pass } from './gate.ts'
import { type HeldParts, heldParts, STREAM_AFTER_MS } from './keptText.ts'
import { type HeadersBefore, headersBefore, type NodeResponse, type Sending, sendReply, setReply } from './nodeResponse.ts'
import type { Reply } from './wire.ts'

/** `holding`: the work writes, nothing is sent. `asking`: the gateway is told. `through`: what is written is sent. `over`: another answer was sent. */
type State = 'holding' | 'asking' | 'through' | 'over'

/** `fail`: the work broke off, and this is to be answered if nothing of it has left yet; otherwise the line ends, so that a part is not taken for the whole. */
type Held = Readonly<{ fail: (reply: Reply) => void }>

/**
 * Holds back what is written to `response` until the gateway has kept it: the whole of a short text, or the word that something longer or streamed comes.
 * Who writes sees a response like any other.
 */
export function holdAnswer(response: NodeResponse, finish: Finish): Held {
  const sending = response as unknown as Sending // Node takes any of these forms.
  const own: Sending = { writeHead: sending.writeHead, write: sending.write, end: sending.end, flushHeaders: sending.flushHeaders }
  const before = headersBefore(response)
  const parts = heldParts()
  const calls: Parameters<Pass>[] = []
  let [state, ended]: [State, boolean] = ['holding', false]
  let timer: ReturnType<typeof setTimeout> | undefined
  let pass: Pass = (send) => send()

  async function ask(body: string | undefined, open = true): Promise<void> {
    if (state !== 'holding') return
    state = 'asking'
    clearTimeout(timer)
    const finished = await finish({ status: response.statusCode, contentType: typeOf(response), body, open })
    state = finished.kind === 'reply' ? 'over' : 'through'
    if (finished.kind === 'reply') return replace(response, own, { reply: finished.reply, before })
    const { headers, flow } = finished
    for (const [name, value] of headers) response.setHeader(name, value)
    if (flow) pass = gateOf(response, flow)
    else parts.close()
    // What was written meanwhile goes out as what comes after it does.
    for (const [send, text] of calls) pass(send, text)
    if (!ended && !flow?.owes()) response.emit('drain')
  }

  sending.writeHead = (status, ...rest) => {
    if (state === 'through') return own.writeHead.call(response, status, ...rest)
    if (state !== 'over') setHead(response, status, rest)
    return response
  }
  sending.write = (chunk, encoding, done) => {
    const write = () => own.write.call(response, chunk, encoding, done)
    if (state === 'over') return true
    add(parts, chunk, encoding)
    if (state === 'through') return pass(write) !== false
    calls.push([write])
    if (parts.tooLong() || isStream(response)) void ask(undefined)
    else if (state === 'holding') timer ??= setTimeout(() => void ask(undefined), STREAM_AFTER_MS)
    // While the gateway is asked nothing leaves: `drain` follows.
    return state === 'holding'
  }
  sending.end = (chunk, encoding, done) => {
    const end = () => own.end.call(response, chunk, encoding, done)
    if (state === 'over' || ended) return response
    ended = true
    add(parts, chunk, encoding)
    if (state === 'through') pass(end, parts.text)
    else calls.push([end, parts.text])
    if (state === 'holding') void ask(parts.text(), false)
    return response
  }
  sending.flushHeaders = () => {
    if (state === 'through') own.flushHeaders.call(response)
    if (state !== 'holding') return
    calls.push([() => own.flushHeaders.call(response)])
    void ask(undefined)
  }
  return {
    fail(reply) {
      if (ended || state === 'over') return
      if (state === 'holding') {
        parts.drop()
        calls.length = 0
        sendReply(response, reply, before)
      } else if (state === 'asking') calls.push([() => response.destroy()])
      else response.destroy()
    },
  }
}

function typeOf(response: NodeResponse): string {
  return String(response.getHeader('content-type') ?? 'text/plain; charset=utf-8')
}

function add(parts: HeldParts, chunk: unknown, encoding: unknown): void {
  if (chunk === undefined || chunk === null || typeof chunk === 'function') return
  parts.add(typeof chunk === 'string' ? encoded(chunk, encoding) : (chunk as Uint8Array))
}

/** Another answer in the place of the one that was held. */
function replace(response: NodeResponse, own: Sending, { reply, before }: { reply: Reply; before: HeadersBefore }): void {
  setReply(response, reply, before)
  response.statusMessage = ''
  // Node would ask for the head by `writeHead`, which is ours and says nothing any more.
  own.writeHead.call(response, reply.status)
  own.end.call(response, reply.body)
}

function isStream(response: NodeResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream')
}

function encoded(text: string, encoding: unknown): Uint8Array {
  return typeof encoding === 'string' && !/^utf-?8$/i.test(encoding)
    ? Buffer.from(text, encoding as BufferEncoding)
    : new TextEncoder().encode(text)
}

/** The forms of `writeHead`: a status, perhaps its words, perhaps headers as an object, as pairs or flat. */
function setHead(response: NodeResponse, status: number, rest: readonly unknown[]): void {
  response.statusCode = status
  const [words, headers] = typeof rest[0] === 'string' ? rest : [undefined, rest[0] ?? rest[1]]
  if (words !== undefined) response.statusMessage = String(words)
  if (Array.isArray(headers)) {
    const pairs = Array.isArray(headers[0]) ? headers : headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []))
    for (const [name, value] of pairs) response.setHeader(name, value)
  } else if (typeof headers === 'object' && headers !== null) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value as string)
  }
}
