import { GatewayError } from '../../errors/gatewayError.ts'

/** Of one agent; each is kept until its signature has ended. */
const NONCES_MAX = 50_000

/**
 * Remembers until their ends which nonces were used, each agent for itself, so that none fills the others' place. `use` names one request: the same asked
 * again, as a seller does who heard no answer, is no second use.
 */
export function createUsedNonces(max = NONCES_MAX) {
  const byAgent = new Map<string, Map<string, Readonly<{ until: number; use: string }>>>()

  return {
    /** False for one that another request has used. Throws `too_busy` when this agent has too many that have not ended. Times in seconds. */
    take(agent: string, nonce: string, o: Readonly<{ until: number; use: string; now: number }>): boolean {
      const used = byAgent.get(agent) ?? new Map<string, Readonly<{ until: number; use: string }>>()
      byAgent.set(agent, used)
      const standing = used.get(nonce)
      if (standing && standing.until > o.now) return standing.use === o.use
      if (used.size >= max) for (const [name, { until }] of used) if (until <= o.now) used.delete(name)
      if (used.size >= max)
        throw new GatewayError('too_busy', `The agent ${agent} has ${max} signatures that have not ended`, {
          hint: 'Let a signature end sooner: a minute is enough.',
        })
      used.set(nonce, { until: o.until, use: o.use })
      return true
    },
  }
}
