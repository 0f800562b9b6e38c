import { createMachine } from '../../gateway/ledger/machine/machine.ts'
import { accountBalances, accountTransfers, queryAccounts, queryTransfers } from '../../gateway/ledger/machine/queries.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'

/** The pure machine behind the engine's port. Opening it again replays its records, as bytes, into an empty one. */
export async function machineUnderTest(): Promise<EngineUnderTest> {
  let machine = createMachine()
  const journal: Uint8Array[] = []
  let now = 0n

  function keep(): void {
    const bytes = new Uint8Array(129 * machine.waitingRecords())
    machine.takeBytes(bytes, 0)
    journal.push(bytes)
  }

  return {
    exact: true,
    engine: () => ({
      async createAccounts(batch) {
        const results = machine.createAccounts(batch, now)
        keep()
        return results
      },
      async createTransfers(batch) {
        const results = machine.createTransfers(batch, now)
        keep()
        return results
      },
      lookupAccounts: async (ids) => ids.map((id) => machine.account(id)),
      lookupTransfers: async (ids) => ids.map((id) => machine.transfer(id)),
      accountTransfers: async (filter) => accountTransfers(machine.state, filter),
      accountBalances: async (filter) => accountBalances(machine.state, filter),
      queryAccounts: async (filter) => queryAccounts(machine.state, filter),
      queryTransfers: async (filter) => queryTransfers(machine.state, filter),
      close: async () => undefined,
    }),
    async moveTo(nowNs) {
      now = nowNs
      machine.expire(now)
      keep()
    },
    async reopen() {
      machine = createMachine()
      for (const bytes of journal) machine.applyBytes(bytes)
    },
    check: () => machine.check(),
    dispose: async () => undefined,
  }
}
