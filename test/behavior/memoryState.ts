import { createHash } from 'node:crypto'
import type { StateStore } from '../../gateway/ports/stateStore.ts'

/** State files in memory, for engines that are opened again hundreds of times. */
export function memoryState(): StateStore {
  const files = new Map<string, Uint8Array>()
  return {
    async write(name, parts) {
      const content = Buffer.concat([...parts].map((part) => Uint8Array.from(part)))
      files.set(name, content)
      return createHash('sha256').update(content).digest()
    },
    read: async (name) => files.get(name),
    readAt(name, _digest, offset, length) {
      const file = files.get(name)
      if (!file) throw new Error(`${name} is missing`)
      return Uint8Array.from(file.subarray(offset, offset + length))
    },
    remove: async (name) => void files.delete(name),
    close: async () => undefined,
  }
}
