// The suite of every engine, on a journal and behind a client that are not in this process, as far as npm brings them.
import { afterAll, beforeAll } from 'vitest'
import { openPostgresJournal } from '../../adapters/journal/postgres/openPostgresJournal.ts'
import { openTigerBeetle } from '../../adapters/ledger/tigerbeetle/openTigerBeetle.ts'
import { openEmbeddedEngine } from '../../gateway/ledger/books/embeddedEngine.ts'
import { type PostgresServer, startPostgres } from '../postgres/startPostgres.ts'
import { clusterUnderTest } from '../tigerbeetle/clusterUnderTest.ts'
import { pureClient } from '../tigerbeetle/pureClient.ts'
import { embeddedUnderTest } from './embeddedUnderTest.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'
import { ledgerEngineBehavior } from './ledgerEngine.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.dispose())

async function onPostgres(): Promise<EngineUnderTest> {
  const url = await server.createDatabase()
  return embeddedUnderTest(async (nowNs) => openEmbeddedEngine({ journal: await openPostgresJournal({ url, waitMs: 0 }), nowNs }))
}

/** The adapter's own part: what it sends and answers, with our machine where the server would be. */
async function behindStandIn(): Promise<EngineUnderTest> {
  let now = 0n
  const standIn = pureClient(() => now)
  const open = () => openTigerBeetle({ clusterId: 0n, addresses: ['127.0.0.1:3000'], load: standIn.load })
  let engine = await open()
  return {
    engine: () => engine,
    exact: true,
    async moveTo(nowNs) {
      now = nowNs
      standIn.machine.expire(now)
    },
    async reopen() {
      await engine.close()
      engine = await open()
    },
    check: () => standIn.machine.check(),
    dispose: () => engine.close(),
  }
}

let clockNs = 1_700_000_000_000_000_000n
const lasting = pureClient(() => {
  // A server's clock goes on while it works.
  clockNs += 1_000n
  return clockNs
})

/** How a real server is tested, which is never new and whose clock is its own: see test/tigerbeetle. */
function onLastingStandIn(): Promise<EngineUnderTest> {
  return clusterUnderTest({
    open: () => openTigerBeetle({ clusterId: 0n, addresses: ['127.0.0.1:3000'], load: lasting.load }),
    async pass(ms) {
      clockNs += BigInt(ms) * 1_000_000n
      lasting.machine.expire(clockNs)
    },
    check: () => lasting.machine.check(),
  })
}

ledgerEngineBehavior('the embedded engine on PostgreSQL', onPostgres)
ledgerEngineBehavior('the TigerBeetle adapter, with a stand-in for its client,', behindStandIn, { reopening: true })
ledgerEngineBehavior('the TigerBeetle adapter, with a stand-in for a server that lasts,', onLastingStandIn)
