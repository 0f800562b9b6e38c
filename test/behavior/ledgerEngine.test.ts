import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { openStateFiles } from '../../adapters/state/openStateFiles.ts'
import { openEmbeddedEngine } from '../../gateway/ledger/books/embeddedEngine.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import { embeddedUnderTest } from './embeddedUnderTest.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'
import { ledgerEngineBehavior } from './ledgerEngine.ts'
import { machineUnderTest } from './machineUnderTest.ts'
import { memoryState } from './memoryState.ts'

function inMemory(options: { state: boolean }): Promise<EngineUnderTest> {
  const blocks: Block[] = []
  const state = memoryState()
  return embeddedUnderTest((nowNs) => openEmbeddedEngine({ journal: memoryJournal(blocks), nowNs, ...(options.state && { state }) }))
}

function onDisk(options: { state: boolean }): Promise<EngineUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-engine-'))
  return embeddedUnderTest(
    (nowNs) => {
      const journal = openSqliteJournal(join(folder, 'journal.db'))
      return openEmbeddedEngine({ journal, nowNs, ...(options.state && { state: openStateFiles(join(folder, 'state')) }) })
    },
    () => rmSync(folder, { recursive: true }),
  )
}

ledgerEngineBehavior('the pure machine', machineUnderTest)
ledgerEngineBehavior('the pure machine, replayed after every call,', machineUnderTest, { reopening: true })
ledgerEngineBehavior('the embedded engine', () => inMemory({ state: false }), { reopening: true })
ledgerEngineBehavior('the embedded engine with snapshots', () => inMemory({ state: true }), { reopening: true })
ledgerEngineBehavior('the embedded engine on SQLite with snapshots', () => onDisk({ state: true }))
ledgerEngineBehavior('the embedded engine on SQLite, closed and opened after every call,', () => onDisk({ state: false }), {
  reopening: true,
})
