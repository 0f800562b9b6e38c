import { z } from 'zod'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PublicHttp } from '../../ports/publicHttp.ts'
import { type AgentKey, agentKeyOf } from './agentKey.ts'

const WELL_KNOWN = '/.well-known/http-message-signatures-directory'
const KEYS_MAX = 100
const DEADLINE_MS = 3_000
/** So long a directory is believed: a key that was taken out of it counts no longer than this. */
const FRESH_MS = 3_600_000
/** What it said before counts for so long where it does not answer any more. */
const STALE_MS_MAX = 86_400_000
/** A key that is not in it is looked for again no sooner than this, whoever names it. */
const ASK_AGAIN_MS = 60_000

const jwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  kid: z.string().max(200).optional(),
  nbf: z.number().optional(),
  exp: z.number().optional(),
})
const directory = z.object({ keys: z.array(z.unknown()).max(KEYS_MAX) })

export type KeyDirectory = Readonly<{ keyOf: (keyId: string) => Promise<AgentKey | undefined> }>

/**
 * The keys that an agent publishes at an address which the operator has named (draft-ietf-webbotauth-httpsig-protocol). What a redirect leads to is not
 * believed.
 */
export function openKeyDirectory(
  o: Readonly<{ agent: string; http: PublicHttp; clock: Clock; log: (line: string) => void }>,
): KeyDirectory {
  const { agent, http, clock } = o
  const url = new URL(agent)
  const asked = url.pathname === '/' ? new URL(WELL_KNOWN, url) : url
  let known: Readonly<{ at: number; keys: ReadonlyMap<string, AgentKey> }> | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  async function ask(): Promise<void> {
    try {
      const answer = await http.get(asked, { signal: AbortSignal.timeout(DEADLINE_MS) })
      if (answer.status !== 200 || answer.url.href !== asked.href) throw new Error(`it answers ${answer.status} at ${answer.url.host}`)
      known = { at: clock.now(), keys: keysIn(JSON.parse(answer.body), url.pathname === '/') }
    } catch (error) {
      const why = isGatewayError(error) ? error.shortMessage : error instanceof Error ? error.message : 'something was thrown'
      o.log(`the keys of the agent ${agent} cannot be had: ${why.slice(0, 200)}`)
    }
  }

  function askOnce(now: number): Promise<void> | undefined {
    if (!asking && now >= askedAt + ASK_AGAIN_MS) {
      askedAt = now
      asking = ask().finally(() => {
        asking = undefined
      })
    }
    return asking
  }

  return {
    async keyOf(keyId) {
      const now = clock.now()
      if (!known || now >= known.at + FRESH_MS || !known.keys.has(keyId)) await askOnce(now)
      return known && now < known.at + STALE_MS_MAX ? known.keys.get(keyId) : undefined
    },
  }
}

/** Entries of other kinds are for others; at the well-known address a name has to be the thumbprint. */
function keysIn(value: unknown, isWellKnown: boolean): ReadonlyMap<string, AgentKey> {
  const keys = new Map<string, AgentKey>()
  for (const entry of directory.parse(value).keys) {
    const { data } = jwk.safeParse(entry)
    if (!data) continue
    const key = agentKeyOf(data)
    if (!isWellKnown || data.kid === undefined || data.kid === key.keyId) keys.set(key.keyId, key)
  }
  return keys
}
