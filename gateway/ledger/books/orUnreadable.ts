import type { Machine } from '../machine/machine.ts'
import { SegmentUnreadable } from '../rows/segmentStore.ts'

/** Does what may need a segment whose file is damaged: then the machine is as it was before, and the refusal is the answer. */
export function orUnreadable<T>(machine: Machine, work: () => T): T | SegmentUnreadable {
  const savepoint = machine.savepoint()
  try {
    return work()
  } catch (error) {
    if (!(error instanceof SegmentUnreadable)) throw error
    machine.rollback(savepoint)
    return error
  }
}
