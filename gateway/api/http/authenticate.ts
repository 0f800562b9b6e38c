import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { addressAllows, type Key, type KeyTerms, type Need, type Role, rightsAllow, roleAllows } from '../../parties/keys/key.ts'
import type { Keys } from '../../parties/keys/keys.ts'
import { hashKey } from '../../parties/keys/secret.ts'
import type { Parties, Party } from '../../parties/party/parties.ts'
import type { KeyId, PartyId } from '../../ports/ids.ts'
import { type Asked, isPublished, needOf, SPENDING } from './needs.ts'

/**
 * Who asks: an operator of this gateway, by name, or one of its parties; and within which terms the key is good. `person` is whose hand it is, where that is
 * said: an operator's name, or a person's of the party. `key` is undefined for one of the configuration.
 */
export type Caller = (Readonly<{ kind: 'operator'; name: string }> | Readonly<{ kind: 'party'; party: Party }>) &
  Readonly<{ terms: KeyTerms; key: KeyId | undefined; person: string | undefined; role: Role | undefined }>

type WithHeaders = Readonly<{ headers: IncomingHttpHeaders }>

export type Authenticate = (request: WithHeaders & Asked & Readonly<{ ip: string }>) => Caller
/** Who pays for a priced route from a balance. `address`: where the request came from, where that is known. */
export type Spender = (request: WithHeaders & Readonly<{ address: string | undefined }>) => Caller
/** Whose a key is; undefined for nobody's. */
export type CallersOfKeys = Readonly<{ idOfKey: (key: string) => string | undefined }>
/** Who logs in with a key or what stands for its hash, or is logged in by a session's secret; undefined for nobody. What he may is asked of each route. */
export type LoginOfKeys = Readonly<{
  callerOf: (secret: string) => Caller | undefined
  callerOfHash: (hash: string) => Caller | undefined
}>

/** A person who operates this gateway, as the configuration names one: the SHA-256 of the key in hex, and what that person may do. */
type Operator = Readonly<{ name: string; keyHash: string; role: Role }>

/** What the key of the configuration's `operatorKey` is called. */
export const FIRST_OPERATOR = 'operator'
const OPERATOR_HOLDER = new RegExp(`^${FIRST_OPERATOR}(?::(.+))?$`)

/** What the secret of a browser's session stands for: the hash of the key that was logged in with. */
type SessionKeys = Readonly<{ keyHashOf: (secret: string) => string | undefined }>

/** Whose key it is. `key` is undefined for one of the configuration. */
type Known = Readonly<{ caller: Caller; role: Role | undefined; key: Key | undefined }>

/** In which header of an answer the secret of a new key stands, this once. */
export const KEY_HEADER = 'switchyard-api-key'

/** Reads `Authorization: Bearer sk_...`. Keys are compared by their hashes. A key is refused what its role, its rights or its addresses do not hold. */
export function authenticator(o: {
  operators: readonly Operator[]
  parties: Pick<Parties, 'find'>
  keys: Pick<Keys, 'ofHash' | 'use'>
  sessions?: SessionKeys
}): Readonly<{ authenticate: Authenticate; spender: Spender }> & CallersOfKeys & LoginOfKeys {
  const operators = o.operators.map((one) => ({ ...one, hash: Buffer.from(one.keyHash, 'hex') }))

  function knownBy(secret: string): Known | undefined {
    return knownByHash(o.sessions?.keyHashOf(secret) ?? hashKey(secret))
  }

  function knownByHash(hashed: string): Known | undefined {
    const hash = Buffer.from(hashed, 'hex')
    const operator = operators.find((one) => timingSafeEqual(hash, one.hash))
    if (operator) {
      const { name, role } = operator
      return { caller: { kind: 'operator', name, terms: {}, key: undefined, person: name, role }, role, key: undefined }
    }
    const key = o.keys.ofHash(hashed)
    return key && holderOf(key)
  }

  /** Who is no operator any more has no keys either. */
  function holderOf(key: Key): Known | undefined {
    const party = o.parties.find(key.holder)
    if (party) {
      const { id, person, role } = key
      return { caller: { kind: 'party', party, terms: key, key: id, person, role }, role, key }
    }
    const match = OPERATOR_HOLDER.exec(key.holder)
    const operator = match && operators.find(({ name }) => name === (match[1] ?? FIRST_OPERATOR))
    if (!operator) return undefined
    const { name, role } = operator
    return { caller: { kind: 'operator', name, terms: key, key: key.id, person: name, role }, role, key }
  }

  function callerFor(request: WithHeaders, asked: AskedFor): Caller {
    const secret = bearerOf(request)
    if (!secret) throw new GatewayError('unauthorized', 'The request carries no API key')
    const known = knownBy(secret)
    if (!known) throw new GatewayError('unauthorized', 'The API key is not known here')
    requireRight(known, asked)
    if (known.key) o.keys.use(known.key)
    return known.caller
  }

  return {
    authenticate: (request) => callerFor(request, { need: () => needOf(request), address: request.ip, published: isPublished(request) }),
    spender: (request) => callerFor(request, { need: () => SPENDING, address: request.address, published: false }),
    idOfKey(secret) {
      const known = knownBy(secret)
      return known && callerId(known.caller)
    },
    callerOf: (secret) => knownBy(secret)?.caller,
    callerOfHash: (hash) => knownByHash(hash)?.caller,
  }
}

/** What a route asks of a key, from where, and whether it is the one for keys that everybody may know. */
type AskedFor = Readonly<{ need: () => Need; address: string | undefined; published: boolean }>

function requireRight({ role, key }: Known, { need: needed, address, published }: AskedFor): void {
  if (key?.publishable && !published)
    throw new GatewayError('key_not_allowed', 'Everybody may know this key, so it reads an intent as its payer does and nothing else')
  if (key && !addressAllows(key, address)) throw new GatewayError('key_not_allowed', 'This key is not for use from this address')
  if ((role === undefined || role === 'admin') && key?.can === undefined) return
  const need = needed()
  if (role !== undefined && !roleAllows(role, need))
    throw new GatewayError('key_not_allowed', `A person in the role ${role} may not ${need.verb} ${need.resource}`)
  if (!rightsAllow(key?.can, need)) throw new GatewayError('key_not_allowed', `This key may not ${need.verb} ${need.resource}`)
}

/** The key of a Bearer header, or undefined. A key that is cut off or spoiled is refused; tokens of other makers are not ours to judge. */
export function bearerOf(request: WithHeaders): string | undefined {
  const token = presentedKey(request) ?? /^Bearer +(pk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token !== undefined && !/^[sp]k_[A-Za-z0-9_-]{8,128}$/.test(token)) throw new GatewayError('unauthorized', 'The API key is malformed')
  return token
}

/** What a Bearer header says that begins as our secret keys do, whatever follows. Who shows a publishable one is a stranger, as who shows none. */
export function presentedKey(request: WithHeaders): string | undefined {
  return /^Bearer +(sk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]
}

/** A short name for claims and logs. */
export function callerId(caller: Caller): string {
  if (caller.kind === 'party') return caller.party.id
  return caller.name === FIRST_OPERATOR ? FIRST_OPERATOR : `operator:${caller.name}`
}

/** Whether a key may do this besides what its route asks of it. What opens money is shown to who may move it alone. */
export function mayAlso({ terms, role }: Caller, need: Need): boolean {
  return (role === undefined || roleAllows(role, need)) && rightsAllow(terms.can, need)
}

/** Refuses a key or a role that lacks a right which its route does not name. */
export function requireAlso(caller: Caller, need: Need): void {
  if (!mayAlso(caller, need)) throw new GatewayError('key_not_allowed', `This key may not ${need.verb} ${need.resource}`)
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
