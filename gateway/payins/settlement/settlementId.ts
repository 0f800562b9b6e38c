import type { Settlement } from '../../ports/receiver.ts'

/** Unique over all rails. */
export function settlementId(s: Pick<Settlement, 'rail' | 'kind' | 'id'>): string {
  return `${s.rail}:${s.kind}:${s.id}`
}
