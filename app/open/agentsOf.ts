import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import { type Agents, createAgents, NO_AGENTS } from '../../gateway/guard/agents/agents.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { GatewayConfig } from '../config/config.ts'

/** A directory of keys has some hundred bytes a key. */
const DIRECTORY_BYTES_MAX = 65_536

/** Whom the configuration knows. A directory is called at its own address only: who sends on to another names another. */
export function agentsOf(
  { agents, lnurl }: Pick<GatewayConfig, 'agents' | 'lnurl'>,
  o: { clock: Clock; log: (line: string) => void },
): Agents {
  if (!agents) return NO_AGENTS
  const { directories } = agents
  const keys = agents.keys.map(({ name, publicKey, agent, keyId }) => {
    return { name, jwk: { kty: 'OKP' as const, crv: 'Ed25519' as const, x: publicKey }, agent, keyId }
  })
  const http = openPublicHttp({ localHosts: lnurl.localHosts, bytesMax: DIRECTORY_BYTES_MAX, redirectsMax: 0 })
  return createAgents({ settings: { directories, keys }, http, clock: o.clock, log: o.log })
}
