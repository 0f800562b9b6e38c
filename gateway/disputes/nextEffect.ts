import type { Dispute } from './dispute.ts'

/** What is to be done next. `evidence`: its payees have time until then. `expire`: it is over, and they have shown nothing. `wait`: for an operator's word. */
export type DisputeEffect = Readonly<{ kind: 'none' | 'wait' | 'expire' }> | Readonly<{ kind: 'evidence'; untilMs: number }>

/** Decides the next step from the facts and the time alone. */
export function nextEffect({ end, evidence, expired, data }: Dispute, now: number): DisputeEffect {
  if (end) return { kind: 'none' }
  if (evidence.length > 0 || expired) return { kind: 'wait' }
  return now >= data.dueAt ? { kind: 'expire' } : { kind: 'evidence', untilMs: data.dueAt }
}
