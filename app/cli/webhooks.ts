import { setTimeout as pause } from 'node:timers/promises'
import { newWebhookSecret, webhookHeaders } from '../../gateway/seller/webhooks.ts'
import { type EventsAsked, eventsBehind } from './eventsBehind.ts'
import { WrongWords } from './wrongWords.ts'

/** How long a receiver may take, and how long it is waited before each further try: the last of them for ever. */
const ANSWER_MS = 10_000
const AGAIN_MS = [250, 1_000, 5_000, 15_000] as const

type Options = EventsAsked & Readonly<{ path: string; secret?: string | undefined }>
type Receiver = Readonly<{ url: string; secret: string; json: boolean | undefined }>

/**
 * Brings events to a receiver on this machine as webhooks, signed as Standard Webhooks says, until it is stopped: one after the other, each until the receiver
 * has taken it.
 */
export async function forwardWebhooks(port: string, o: Options): Promise<number> {
  if (!/^[1-9]\d{0,4}$/.test(port)) throw new WrongWords(`${port} is no port`)
  if (!o.path.startsWith('/')) throw new WrongWords('--path begins with /')
  const receiver = { url: `http://127.0.0.1:${port}${o.path}`, secret: o.secret ?? newWebhookSecret(), json: o.json }
  // Before the first event, so that a receiver can be told it.
  if (o.secret === undefined) console.log(o.json ? JSON.stringify({ secret: receiver.secret }) : `secret ${receiver.secret}`)
  for await (const { id, data } of eventsBehind(o)) await bring(id, data, receiver)
  return 0
}

async function bring(id: string, body: string, { url, secret, json }: Receiver): Promise<void> {
  for (let tries = 0; ; tries++) {
    const answer = await post(url, body, await webhookHeaders([secret], { id, body, now: Date.now() }))
    console.log(json ? JSON.stringify({ id, answer }) : `${id}  ${answer}`)
    if (/^2/.test(answer)) return
    await pause(AGAIN_MS[tries] ?? AGAIN_MS.at(-1))
  }
}

/** The status that it answers, or why there is none. A redirect is not followed, and no answer is read. */
async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body, redirect: 'manual' as const }
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) })
    await response.body?.cancel()
    return `${response.status}`
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.name) : 'failed'
  }
}
