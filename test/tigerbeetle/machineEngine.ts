import { createMachine, type Machine } from '../../gateway/ledger/machine/machine.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { LedgerEngine } from '../../gateway/ports/ledger.ts'

/** Our ledger machine as an engine that several processes can use, one after the other: it forgets nothing while the test runs. */
export function machineEngine(clock: Clock, machine: Machine = createMachine()): LedgerEngine & { machine: Machine } {
  const nowNs = () => BigInt(clock.now()) * 1_000_000n
  return {
    machine,
    async createAccounts(batch) {
      machine.expire(nowNs())
      return machine.createAccounts(batch, nowNs())
    },
    async createTransfers(batch) {
      machine.expire(nowNs())
      return machine.createTransfers(batch, nowNs())
    },
    async lookupAccounts(ids) {
      machine.expire(nowNs())
      return ids.map((id) => machine.account(id))
    },
    lookupTransfers: async (ids) => ids.map((id) => machine.transfer(id)),
    close: async () => undefined,
  }
}
