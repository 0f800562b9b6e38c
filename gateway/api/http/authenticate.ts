import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { hashKey, type Parties, type Party } from '../../parties/party/parties.ts'

/** Who asks: an operator of this gateway, by the name of the key, or one of its parties. */
export type Caller = Readonly<{ kind: 'operator'; name: string }> | Readonly<{ kind: 'party'; party: Party }>

export type Authenticate = (request: FastifyRequest) => Caller

/** A key of an operator: whose it is, and its SHA-256 in hex. */
type OperatorKey = Readonly<{ name: string; keyHash: string }>

/** What the key of the configuration's `operatorKey` is called. */
export const FIRST_OPERATOR = 'operator'

/** Reads `Authorization: Bearer sk_...`. Keys are compared by their hashes. */
export function authenticator(o: { operators: readonly OperatorKey[]; parties: Parties }): Authenticate {
  const operators = o.operators.map(({ name, keyHash }) => ({ name, hash: Buffer.from(keyHash, 'hex') }))
  return (request) => {
    const key = bearerOf(request)
    if (!key) throw new GatewayError('unauthorized', 'The request carries no API key')
    const hash = Buffer.from(hashKey(key), 'hex')
    const operator = operators.find((one) => timingSafeEqual(hash, one.hash))
    if (operator) return { kind: 'operator', name: operator.name }
    const party = o.parties.byApiKey(key)
    if (!party) throw new GatewayError('unauthorized', 'The API key is not known here')
    return { kind: 'party', party }
  }
}

/** The key of a Bearer header, or undefined. A key that is cut off or spoiled is refused; tokens of other makers are not ours to judge. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const token = /^Bearer +(sk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token !== undefined && !/^sk_[A-Za-z0-9_-]{8,128}$/.test(token)) throw new GatewayError('unauthorized', 'The API key is malformed')
  return token
}

/** A short name for claims and logs. */
export function callerId(caller: Caller): string {
  if (caller.kind === 'party') return caller.party.id
  return caller.name === FIRST_OPERATOR ? FIRST_OPERATOR : `operator:${caller.name}`
}

/** Refuses all but the operator. */
export function requireOperator(caller: Caller): asserts caller is Caller & { kind: 'operator' } {
  if (caller.kind !== 'operator') throw new GatewayError('forbidden', 'Only the operator may do this')
}

/** Refuses a party that asks for what is another's. */
export function requireParty(caller: Caller, party: string): void {
  if (caller.kind === 'party' && caller.party.id !== party) throw new GatewayError('forbidden', 'This belongs to another party')
}
