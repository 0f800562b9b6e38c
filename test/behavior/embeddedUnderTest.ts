import type { openEmbeddedEngine } from '../../gateway/ledger/books/embeddedEngine.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'

type EmbeddedEngine = Awaited<ReturnType<typeof openEmbeddedEngine>>

/** The embedded engine on what `open` finds each time, by a clock (ns) that only the test moves. `remove` clears away what it left. */
export async function embeddedUnderTest(
  open: (nowNs: () => bigint) => Promise<EmbeddedEngine>,
  remove: () => void = () => undefined,
): Promise<EngineUnderTest> {
  let now = 0n
  let engine = await open(() => now)
  return {
    engine: () => engine,
    exact: true,
    async moveTo(nowNs) {
      now = nowNs
      await engine.expire()
    },
    async reopen() {
      await engine.close()
      engine = await open(() => now)
    },
    check: () => engine.check(),
    async dispose() {
      await engine.close()
      remove()
    },
  }
}
