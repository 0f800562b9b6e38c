import type { Agent, IncomingMessage } from 'node:http'

/** A call as it stands in a batch, and the longest that its word may take. */
type Call = Readonly<{ json: string; deadlineMs: number }>
/** What the gateway said to a call: the status and the JSON of its own. */
export type Said = Readonly<{ status: number; value: unknown }>
/** Sends a batch of one or more; each call is told once what was said to it: undefined when it was not reached, cut off or too late. */
type Post = (calls: readonly Asked[]) => void
export type Asked = Call & Readonly<{ tell: (said: Said | undefined) => void }>

type Address = Readonly<{ gateway: string; key: string }>

const PATH = '/v1/admissions/batches'
/** Of one line: an answer of 64 kB, each of whose bytes JSON may write with six. */
const LINE_CHARS_MAX = 2_097_152
/** A gateway closes a silent connection after five seconds; one that is older may just be ending. */
const IDLE_MS = 4_000

/** The cheapest way that this runtime has: `node:http` where there is one, which takes half the CPU (docs/sellers.md), else fetch. */
export function postOf(o: Address): Readonly<{ post: Post; batches: boolean }> {
  const http = o.gateway.startsWith('http:') ? globalThis.process?.getBuiltinModule?.('node:http') : undefined
  // Some runtimes without `node:http` let no request wait for what another one asked.
  return http ? { post: postByNode(http, o), batches: true } : { post: (calls) => void postByFetch(calls, o), batches: false }
}

async function postByFetch(calls: readonly Asked[], { gateway, key }: Address): Promise<void> {
  const lines = lineReader(calls)
  const [first] = calls
  try {
    const headers = headersOf(key)
    const signal = AbortSignal.timeout(first?.deadlineMs ?? 0)
    const response = await fetch(`${gateway}${PATH}`, { method: 'POST', headers, body: bodyOf(calls), redirect: 'error', signal })
    lines.read(await response.text(), response.status)
    lines.end(response.status)
  } catch {
    // Not reached, cut off or too late: the caller asks again, and it is the same question.
    lines.end(undefined)
  }
}

function postByNode(http: typeof import('node:http'), { gateway, key }: Address): Post {
  const agent: Agent = new http.Agent({ keepAlive: true, timeout: IDLE_MS })
  const { hostname, port } = new URL(gateway)
  const host = hostname.replace(/^\[|\]$/g, '')
  const { authorization, 'content-type': type } = headersOf(key)
  return (calls) => {
    const bytes = new TextEncoder().encode(bodyOf(calls))
    const lines = lineReader(calls, () => request.destroy())
    const headers = { authorization, 'content-type': type, 'content-length': bytes.byteLength }
    const place = { hostname: host, port: port || 80, path: PATH, method: 'POST', agent, headers }
    const request = http.request(place, (response) => readLines(response, lines))
    request.once('error', () => lines.end(undefined))
    request.once('close', () => lines.end(undefined))
    request.end(bytes)
  }
}

function headersOf(key: string) {
  return { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
}

function bodyOf(calls: readonly Call[]): string {
  return `{"calls":[${calls.map(({ json }) => json).join()}]}`
}

function readLines(response: IncomingMessage, lines: Lines): void {
  const { statusCode = 0 } = response
  response.setEncoding('utf8')
  response.on('data', (part: string) => {
    if (!lines.read(part, statusCode)) response.destroy()
  })
  response.once('end', () => lines.end(statusCode))
  response.once('error', () => lines.end(undefined))
}

type Lines = ReturnType<typeof lineReader>

/** Tells each call its line, the others what the whole was answered, and each too late what nobody said; `over` when none waits any more before the end. */
function lineReader(calls: readonly Asked[], over: () => void = () => {}) {
  const waiting = new Map(calls.entries())
  const timers = calls.map(({ deadlineMs }, n) => setTimeout(() => late(n), deadlineMs))
  let text = ''

  function tell(n: number, said: Said | undefined): void {
    clearTimeout(timers[n])
    const call = waiting.get(n)
    waiting.delete(n)
    call?.tell(said)
  }

  function late(n: number): void {
    tell(n, undefined)
    if (waiting.size === 0) over()
  }

  return {
    /** False when it is no answer of a gateway's. */
    read(part: string, status: number): boolean {
      text += part
      if (status === 200) {
        const lines = text.split('\n')
        text = lines.pop() ?? ''
        for (const line of lines) {
          const said = parsed(line) as Readonly<{ n: number; status: number; body: unknown }> | undefined // The gateway is trusted with its shape.
          if (said) tell(said.n, { status: said.status, value: said.body })
        }
      }
      return text.length <= LINE_CHARS_MAX
    },
    /** `status`: of the whole answer; undefined when it was not heard to its end. */
    end(status: number | undefined): void {
      const said = status === undefined ? undefined : { status: status === 200 ? 0 : status, value: parsed(text) }
      for (const n of [...waiting.keys()]) tell(n, said)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page, or half an answer.
    return undefined
  }
}
