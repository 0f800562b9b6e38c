import type { KeyId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import { areWithin, isFrom } from './networks.ts'

type Verb = 'read' | 'write'
/** What a route asks of a key: `payouts` and `write`, for one. */
export type Need = Readonly<{ resource: string; verb: Verb }>
/** What a restricted key may do. `write` holds `read`; what is not named it may not do. */
export type Rights = Readonly<Record<string, Verb>>

/**
 * Within which a key is good. Without `can` it may do all that its holder may, without `addresses` from anywhere, without `endsAt` (ms) until it is ended.
 * `person`: whose of a party it is, in which `role`; without one it is the party's own. `publishable`: everybody may know it.
 */
export type KeyTerms = Readonly<{
  can?: Rights | undefined
  addresses?: readonly string[] | undefined
  endsAt?: number | undefined
  person?: string | undefined
  role?: Role | undefined
  publishable?: true | undefined
  /** The agent whose it is, within whose policy it spends. */
  agent?: string | undefined
}>

/** `holder`: a party's id, or an operator as the books name one. `hint`: how the secret ends; a party's first key of old journals has none. */
export type Key = KeyTerms &
  Readonly<{
    id: KeyId
    holder: string
    name: string
    hash: string
    hint?: string
    createdAt: number
    revokedAt?: number
    usedAt?: number
    metadata?: Metadata
  }>

type KeyStatus = 'active' | 'ending' | 'expired' | 'revoked'

/** What a person may do here. An admin may do everything. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What a second person agrees to. */
export const APPROVALS = 'approvals'
const KEYS = 'keys'

export function roleAllows(role: Role, { resource, verb }: Need): boolean {
  if (role === 'admin' || verb === 'read') return true
  if (role === 'operator') return resource !== KEYS && resource !== APPROVALS
  return role === 'approver' && resource === APPROVALS
}

export function rightsAllow(can: Rights | undefined, { resource, verb }: Need): boolean {
  if (can === undefined) return true
  const right = Object.hasOwn(can, resource) ? can[resource] : undefined
  return right === 'write' || right === verb
}

/** From where nobody knows is not from there. */
export const addressAllows = ({ addresses }: KeyTerms, address: string | undefined): boolean =>
  addresses === undefined || (address !== undefined && isFrom(addresses, address))

export const isOver = ({ endsAt }: KeyTerms, now: number): boolean => endsAt !== undefined && endsAt <= now

/** Whether `inner` is good for nothing that `outer` is not: a key makes and renews no wider one. */
export function isNoWider(inner: KeyTerms, outer: KeyTerms): boolean {
  const inRights =
    outer.can === undefined ||
    (inner.can !== undefined && Object.entries(inner.can).every(([resource, verb]) => rightsAllow(outer.can, { resource, verb })))
  const inPlace = outer.addresses === undefined || (inner.addresses !== undefined && areWithin(inner.addresses, outer.addresses))
  const inTime = outer.endsAt === undefined || (inner.endsAt !== undefined && inner.endsAt <= outer.endsAt)
  return inRights && inPlace && inTime
}

export function statusOf(key: Key, now: number): KeyStatus {
  if (!isOver(key, now)) return key.endsAt === undefined ? 'active' : 'ending'
  return key.revokedAt === undefined ? 'expired' : 'revoked'
}
