import type { Agent, IncomingMessage } from 'node:http'

type Said = Readonly<{ status: number; text: string }>

/** Sends JSON and answers what was said; undefined when nothing was: not reached, cut off or too late. */
type Post = (url: string, json: string, o: { key: string; deadlineMs: number }) => Promise<Said | undefined>

const ANSWER_CHARS_MAX = 2_097_152
/** A gateway closes a silent connection after five seconds; one that is older may just be ending. */
const IDLE_MS = 4_000

/** The cheapest way that this runtime has: `node:http` where there is one, which takes half the CPU (docs/sellers.md), else fetch. */
export function postOf(gateway: string): Post {
  const http = gateway.startsWith('http:') ? globalThis.process?.getBuiltinModule?.('node:http') : undefined
  return http ? postByNode(http) : postByFetch
}

const postByFetch: Post = async (url, json, { key, deadlineMs }) => {
  try {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: json, redirect: 'error', signal: AbortSignal.timeout(deadlineMs) })
    return { status: response.status, text: await response.text() }
  } catch {
    // Not reached, cut off or too late: the caller asks again, and it is the same question.
    return undefined
  }
}

function postByNode(http: typeof import('node:http')): Post {
  const agent: Agent = new http.Agent({ keepAlive: true, timeout: IDLE_MS })
  return (url, json, { key, deadlineMs }) =>
    new Promise((resolve) => {
      const bytes = new TextEncoder().encode(json)
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': bytes.byteLength }
      const request = http.request(url, { method: 'POST', headers, agent }, (response) => read(response, end))
      const timer = setTimeout(() => request.destroy(), deadlineMs)
      request.once('error', () => end(undefined))
      request.once('close', () => end(undefined))
      request.end(bytes)

      function end(said: Said | undefined): void {
        clearTimeout(timer)
        resolve(said)
      }
    })
}

function read(response: IncomingMessage, end: (said: Said | undefined) => void): void {
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (part: string) => {
    text += part
    if (text.length > ANSWER_CHARS_MAX) response.destroy()
  })
  response.once('end', () => end({ status: response.statusCode ?? 0, text }))
  response.once('error', () => end(undefined))
}
