import { verify } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'
import { floorDivCount } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PublicHttp } from '../../ports/publicHttp.ts'
import { type AgentJwk, type AgentKey, agentKeyOf } from './agentKey.ts'
import { type KeyDirectory, openKeyDirectory } from './keyDirectory.ts'
import { refused, type SignedRequest } from './signatureBase.ts'
import { type AgentSignature, readSignature } from './signatureOf.ts'
import { createUsedNonces } from './usedNonces.ts'

/** How long a signature may last, and what it must cover. `isDirectory`: it says by Signature-Agent where its key is. */
type Profile = Readonly<{ lifeS: number; covers: readonly (readonly string[])[]; isDirectory: boolean }>

const CARD: Profile = {
  lifeS: 480,
  covers: [
    ['@authority', '@target-uri'],
    ['@path', '@target-uri'],
  ],
  isDirectory: false,
}
/** By the tag: Web Bot Auth, and the profiles of card schemes for agents that look around and that pay. One of each row has to be covered. */
const PROFILES: ReadonlyMap<string, Profile> = new Map([
  ['web-bot-auth', { lifeS: 3_600, covers: [['@authority', '@target-uri'], ['signature-agent']], isDirectory: true }],
  ['agent-browser-auth', CARD],
  ['agent-payer-auth', CARD],
])
const TAGS = [...PROFILES.keys()]
/** Clocks of others are not quite ours. */
const SKEW_S = 30
const MS_PER_S = 1_000

/**
 * What the operator knows of agents. `directories`: addresses that publish keys, the only ones that are called. `keys`: keys that were handed over, each
 * with a name; with `agent` it is that agent's alone, and `keyId` is what its owner calls it where that is no thumbprint.
 */
export type AgentSettings = Readonly<{
  directories: readonly string[]
  keys: readonly Readonly<{ name: string; jwk: AgentJwk; agent?: string | undefined; keyId?: string | undefined }>[]
}>

/** Of one request: `use` names it, so that asking twice for the same one is no replay. */
type Asked = SignedRequest & Readonly<{ use: string }>

/** Who is calling, where that is known. */
export type Agents = Readonly<{
  /** Whether any agent is known, so that a signature says something. */
  any: boolean
  /** The agent's address, or `key:` and its name; undefined for a request that no agent has signed. Throws `agent_signature_invalid` and `too_busy`. */
  of: (request: Asked) => Promise<string | undefined>
}>

type Parts = Readonly<{ settings: AgentSettings; http: PublicHttp; clock: Clock; log: (line: string) => void }>

export function createAgents({ settings, http, clock, log }: Parts): Agents {
  const directories = new Map<string, KeyDirectory>()
  for (const agent of settings.directories) {
    const id = agentIdOf(agent)
    invariant(id, `${agent} is no address of an agent's keys`)
    directories.set(id, openKeyDirectory({ agent: id, http, clock, log }))
  }
  const handedOver = settings.keys.map(({ name, jwk, agent, keyId }) => {
    const key = agentKeyOf(jwk)
    return { id: agent === undefined ? `key:${name}` : agentIdOf(agent), keyId: keyId ?? key.keyId, key }
  })
  const used = createUsedNonces()
  /** What was signed before we began may have been used before: what was used then is not known any more. */
  const since = floorDivCount(clock.now(), MS_PER_S)

  /** The key by its owner and its name, never by its name alone. */
  async function keyOf({
    agent,
    keyId,
  }: Pick<AgentSignature, 'agent' | 'keyId'>): Promise<Readonly<{ id: string; key: AgentKey }> | undefined> {
    const named = agent === undefined ? undefined : agentIdOf(agent)
    for (const { id, keyId: name, key } of handedOver)
      if (id && name === keyId && (id === named || id.startsWith('key:'))) return { id, key }
    const key = named === undefined ? undefined : await directories.get(named)?.keyOf(keyId)
    return named !== undefined && key ? { id: named, key } : undefined
  }

  return {
    any: directories.size + handedOver.length > 0,
    async of(request) {
      const signature = readSignature(request, TAGS)
      if (!signature) return undefined
      const now = floorDivCount(clock.now(), MS_PER_S)
      checkTerms(signature, { now, since })
      const owner = await keyOf(signature)
      if (!owner) throw refused('its key is of no agent that is known here')
      const { id, key } = owner
      if (now < key.from || now >= key.until) throw refused('its key does not count now')
      if (!verify(null, Buffer.from(signature.base), key.key, signature.signature)) throw refused('its key did not sign this request')
      const isNew = used.take(id, `${signature.keyId} ${signature.nonce}`, { until: signature.expires, use: request.use, now })
      if (!isNew) throw refused('its nonce was used before')
      return id
    },
  }
}

/** What has to hold of a signature whoever made it. */
function checkTerms(
  { tag, created, expires, covered, agent }: AgentSignature,
  { now, since }: Readonly<{ now: number; since: number }>,
): void {
  const profile = PROFILES.get(tag)
  invariant(profile, `the tag ${tag} was not asked for`)
  const missing = profile.covers.find((names) => !names.some((name) => covered.has(name)))
  if (missing) throw refused(`it does not cover ${missing.join(' or ')}`)
  if (profile.isDirectory && agent === undefined) throw refused('it names no agent')
  if (created > now + SKEW_S) throw refused('it was made in the future')
  if (expires <= now) throw refused('it has ended')
  if (expires <= created || expires - created > profile.lifeS) throw refused(`it lasts longer than ${profile.lifeS} s, or no time at all`)
  if (created < since) throw refused('it is older than this gateway has been running; sign again')
}

/** An address as it is compared: over TLS, without a login, a query or a fragment. Undefined for any other text. */
export function agentIdOf(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.hash !== '') return undefined
  return url.pathname === '/' ? url.origin : `${url.origin}${url.pathname}`
}

/** No agent is known. */
export const NO_AGENTS: Agents = { any: false, of: async () => undefined }
