import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { MODULE_BYTES_MAX, mustRecycle } from './memoryLimit.ts'

const MB = 1 << 20

test.each([
  [60, 1_023, 1_024, false],
  [60, 1_024, 1_024, true],
  [1_200, 1_200, 1_024, false],
  [1_200, 1_201, 1_024, true],
])('from %i MB to %i MB with a limit of %i MB: %s', (begunWith, now, max, recycle) => {
  expect(mustRecycle({ begunWith: begunWith * MB, now: now * MB, max: max * MB })).toBe(recycle)
})

test('the module may have no less memory than is counted on', () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('lightningdevkit/liblightningjs.wasm'))
  expect(memoryPagesMax(wasm) * PAGE_BYTES).toBe(MODULE_BYTES_MAX)
})

const PAGE_BYTES = 65_536
const HEADER_BYTES = 8
const MEMORY_SECTION = 5

/** The limit that a module sets on its one memory (WebAssembly core specification, binary format, memory section). */
function memoryPagesMax(wasm: Uint8Array): number {
  let at = HEADER_BYTES
  const next = () => wasm[at++]!
  const leb128 = (): number => {
    const byte = next()
    return byte < 0x80 ? byte : (byte & 0x7f) + 0x80 * leb128()
  }
  for (;;) {
    const [id, bytes] = [next(), leb128()]
    if (id !== MEMORY_SECTION) at += bytes
    else {
      const [memories, limits] = [leb128(), next()]
      leb128()
      expect([memories, limits]).toEqual([1, 1])
      return leb128()
    }
  }
}
