import { isOver, type Key, rightsAllow, roleAllows } from '../../parties/keys/key.ts'

/** More than one holder's keys, good ones and those that are shown though they have ended. */
export const KEYS_MAX = 200

const AGREES = { resource: 'approvals', verb: 'write' } as const

/** Those keys by which a person may agree now. */
export function approversOf(keys: readonly Key[], now: number): readonly Key[] {
  return keys.filter(
    (key) =>
      key.person !== undefined &&
      key.role !== undefined &&
      roleAllows(key.role, AGREES) &&
      rightsAllow(key.can, AGREES) &&
      !isOver(key, now),
  )
}
