import { createHash } from 'node:crypto'
import type { Hex } from '../../ports/ids.ts'

/** 32 bytes that name a thing to a rail: the SHA-256 of its id. */
export function refOf(id: string): Hex {
  return `0x${createHash('sha256').update(id).digest('hex')}`
}
