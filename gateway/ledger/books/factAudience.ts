import { invariant } from '../../errors/invariant.ts'
import type { Books, FactListener, Memory } from '../../ports/books.ts'

/** Who is told of facts: listeners of all of them, memories of those that they do not know from a snapshot. */
export type FactAudience = Pick<Books, 'listen' | 'remember'> &
  Readonly<{
    memories: readonly Memory[]
    /** Nobody is added from here on. */
    begin(): void
    /** Says up to which block the memories were filled from a snapshot. */
    rememberedUpTo(seq: number): void
    /** That block; 0 when they hear everything. */
    remembered(): number
    /** True when somebody has to hear the facts before that block too. */
    wantsAll(): boolean
    notify: FactListener
  }>

/** An audience of nobody yet. */
export function createFactAudience(): FactAudience {
  const listeners: FactListener[] = []
  const memories: Memory[] = []
  let remembered = 0
  let begun = false
  return {
    memories,
    listen(listener) {
      invariant(!begun, 'listeners are added before the books start')
      listeners.push(listener)
    },
    remember(memory) {
      invariant(!begun, 'memories are added before the books start')
      invariant(!memories.some(({ name }) => name === memory.name), `there is one memory ${memory.name}`)
      memories.push(memory)
    },
    begin() {
      invariant(!begun, 'the books start once')
      begun = true
    },
    rememberedUpTo(seq) {
      remembered = seq
    },
    remembered: () => remembered,
    wantsAll: () => listeners.length > 0 || (memories.length > 0 && remembered === 0),
    notify(fact, seq) {
      if (seq > remembered) for (const memory of memories) memory.apply(fact, seq)
      for (const listener of listeners) listener(fact, seq)
    },
  }
}
