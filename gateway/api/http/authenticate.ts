import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { hashKey, type Parties, type Party } from '../../parties/party/parties.ts'
import type { PartyId } from '../../ports/ids.ts'

/** Who asks: the operator of this gateway, or one of its parties. */
export type Caller = Readonly<{ kind: 'operator' }> | Readonly<{ kind: 'party'; party: Party }>

export type Authenticate = (request: FastifyRequest) => Caller
/** Whose a key is; undefined for nobody's. */
export type CallersOfKeys = Readonly<{ idOfKey: (key: string) => string | undefined }>

/** Reads `Authorization: Bearer sk_...`. Keys are compared by their hashes. */
export function authenticator(o: { operatorKeyHash: string; parties: Parties }): Readonly<{ authenticate: Authenticate }> & CallersOfKeys {
  const operator = Buffer.from(o.operatorKeyHash, 'hex')

  function callerOf(key: string): Caller | undefined {
    if (timingSafeEqual(Buffer.from(hashKey(key), 'hex'), operator)) return { kind: 'operator' }
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
export function bearerOf(request: FastifyRequest): string | undefined {
  const token = presentedKey(request)
  if (token !== undefined && !/^sk_[A-Za-z0-9_-]{8,128}$/.test(token)) throw new GatewayError('unauthorized', 'The API key is malformed')
  return token
}

/** What a Bearer header says that begins as our keys do, whatever follows. */
export function presentedKey(request: FastifyRequest): string | undefined {
  return /^Bearer +(sk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]
}

/** A short name for claims and logs. */
export function callerId(caller: Caller): string {
  return caller.kind === 'operator' ? 'operator' : caller.party.id
}

/** Refuses all but the operator. */
export function requireOperator(caller: Caller): void {
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
