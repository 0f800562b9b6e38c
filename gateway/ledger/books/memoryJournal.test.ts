import { journalStoreBehavior } from '../../../test/behavior/journalStore.ts'
import type { Block } from '../../ports/journal.ts'
import { memoryJournal } from './memoryJournal.ts'

journalStoreBehavior('memory', () => {
  const blocks: Block[] = []
  return {
    open: () => memoryJournal(blocks),
    flipBit(seq) {
      const block = blocks[seq - 1]!
      const data = Uint8Array.from(block.data)
      data[9]! ^= 1
      blocks[seq - 1] = { ...block, data }
    },
    remove: (seq) => blocks.splice(seq - 1, 1),
    dispose() {},
  }
})
