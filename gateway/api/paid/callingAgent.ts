import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'

/**
 * The agent that signed a request, where the operator knows it. Throws `agent_required` and `agent_signature_invalid` where the route is for agents; elsewhere
 * a signature that does not hold says nothing.
 */
export async function callingAgent({ guard: { agents } }: PaidFaces, route: PricedRoute, asked: AskedRequest): Promise<string | undefined> {
  const { agents: wanted, publicUrl: origin } = route
  const { method, url, headers, use } = asked
  if (wanted === undefined && (!agents.any || headers['signature-input'] === undefined)) return undefined
  const request = { method, origin, url, headers, use }
  if (wanted === undefined) return agents.of(request).catch(nobody)
  const agent = await agents.of(request)
  if (agent === undefined) throw new GatewayError('agent_required', 'The request is not signed by an agent')
  if (wanted !== 'required' && !wanted.includes(agent))
    throw new GatewayError('agent_required', `The agent ${agent} is none of those that this route is for`)
  return agent
}

function nobody(error: unknown): undefined {
  if (isGatewayError(error, 'agent_signature_invalid') || isGatewayError(error, 'too_busy')) return undefined
  throw error
}
