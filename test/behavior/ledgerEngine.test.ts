import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../../adapters/state/openStateFiles.ts'
import { openEmbeddedEngine } from '../../gateway/books/embeddedEngine.ts'
import { memoryJournal } from '../../gateway/books/memoryJournal.ts'
import type { Block, JournalStore } from '../../gateway/ports/journal.ts'
import type { StateStore } from '../../gateway/ports/stateStore.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'
import { ledgerEngineBehavior } from './ledgerEngine.ts'
import { machineUnderTest } from './machineUnderTest.ts'
import { memoryState } from './memoryState.ts'

type Place = Readonly<{ journal(): JournalStore; state?: () => StateStore; remove(): void }>

async function embedded({ journal, state, remove }: Place): Promise<EngineUnderTest> {
  let now = 0n
  const open = () => openEmbeddedEngine({ journal: journal(), nowNs: () => now, ...(state && { state: state() }) })
  let engine = await open()
  return {
    engine: () => engine,
    exact: true,
    async moveTo(nowNs) {
      now = nowNs
      await engine.expire()
    },
    async reopen() {
      await engine.close()
      engine = await open()
    },
    check: () => engine.check(),
    async dispose() {
      await engine.close()
      remove()
    },
  }
}

function inMemory(options: { state: boolean }): Promise<EngineUnderTest> {
  const blocks: Block[] = []
  const state = memoryState()
  return embedded({ journal: () => memoryJournal(blocks), ...(options.state && { state: () => state }), remove: () => undefined })
}

function onDisk(options: { state: boolean }): Promise<EngineUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-engine-'))
  return embedded({
    journal: () => openSqliteJournal(join(folder, 'journal.db')),
    ...(options.state && { state: () => openStateFiles(join(folder, 'state')) }),
    remove: () => rmSync(folder, { recursive: true }),
  })
}

ledgerEngineBehavior('the pure machine', machineUnderTest)
ledgerEngineBehavior('the pure machine, replayed after every call,', machineUnderTest, { reopening: true })
ledgerEngineBehavior('the embedded engine', () => inMemory({ state: false }), { reopening: true })
ledgerEngineBehavior('the embedded engine with snapshots', () => inMemory({ state: true }), { reopening: true })
ledgerEngineBehavior('the embedded engine on SQLite with snapshots', () => onDisk({ state: true }))
ledgerEngineBehavior('the embedded engine on SQLite, closed and opened after every call,', () => onDisk({ state: false }), {
  reopening: true,
})
