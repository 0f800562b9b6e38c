import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { hashKey, type Parties, type Party } from '../../parties/party/parties.ts'
import type { PartyId } from '../../ports/ids.ts'

/** Who asks: an operator of this gateway, by the name of the key, or one of its parties. */
export type Caller = Readonly<{ kind: 'operator'; name: string }> | Readonly<{ kind: 'party'; party: Party }>

type WithHeaders = Readonly<{ headers: IncomingHttpHeaders }>

export type Authenticate = (request: WithHeaders) => Caller
/** Whose a key is; undefined for nobody's. */
export type CallersOfKeys = Readonly<{ idOfKey: (key: string) => string | undefined }>

/** A key of an operator: whose it is, and its SHA-256 in hex. */
type OperatorKey = Readonly<{ name: string; keyHash: string }>

/** What the key of the configuration's `operatorKey` is called. */
export const FIRST_OPERATOR = 'operator'

/** Reads `Authorization: Bearer sk_...`. Keys are compared by their hashes. */
export function authenticator(o: {
  operators: readonly OperatorKey[]
  parties: Parties
}): Readonly<{ authenticate: Authenticate }> & CallersOfKeys {
  const operators = o.operators.map(({ name, keyHash }) => ({ name, hash: Buffer.from(keyHash, 'hex') }))

  function callerOf(key: string): Caller | undefined {
    const hash = Buffer.from(hashKey(key), 'hex')
    const operator = operators.find((one) => timingSafeEqual(hash, one.hash))
    if (operator) return { kind: 'operator', name: operator.name }
    const party = o.parties.byApiKey(key)
    return party && { kind: 'party', party }
  }

  return {
    authenticate(request) {
      const key = bearerOf(request)
      if (!key) throw new GatewayError('unauthorized', 'The request carries no API key')
      const caller = callerOf(key)
      if (!caller) throw new GatewayError('unauthorized', 'The API key is not known here')
      return caller
    },
    idOfKey(key) {
      const caller = callerOf(key)
      return caller && callerId(caller)
    },
  }
}

/** The key of a Bearer header, or undefined. A key that is cut off or spoiled is refused; tokens of other makers are not ours to judge. */
export function bearerOf(request: WithHeaders): string | undefined {
  const token = presentedKey(request)
  if (token !== undefined && !/^sk_[A-Za-z0-9_-]{8,128}$/.test(token)) throw new GatewayError('unauthorized', 'The API key is malformed')
  return token
}

/** What a Bearer header says that begins as our keys do, whatever follows. */
export function presentedKey(request: WithHeaders): string | undefined {
  return /^Bearer +(sk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]
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

/** Refuses a party that would act for another, before anything is looked up. */
export function requireParty(caller: Caller, party: string): void {
  if (caller.kind === 'party' && caller.party.id !== party) throw new GatewayError('forbidden', 'This belongs to another party')
}

/**
 * What a caller finds under an id. To a party, what is another's is as if it were not there: the same `not_found` in the same words. Whoever calls it
 * knows who asks already, so without a key nothing is told either.
 */
export function findOwn<T>(caller: Caller, find: () => T, isOf: (found: T, party: PartyId) => boolean): T {
  if (caller.kind === 'operator') return find()
  let found: T | undefined
  try {
    found = find()
  } catch (error) {
    if (!isGatewayError(error, 'not_found')) throw error
  }
  if (found === undefined || !isOf(found, caller.party.id)) throw new GatewayError('not_found', 'There is nothing of yours under this id')
  return found
}

/** The same for what has one owner. */
export function findOfParty<T extends Readonly<{ party: string }>>(caller: Caller, find: () => T): T {
  return findOwn(caller, find, (found, party) => found.party === party)
}
