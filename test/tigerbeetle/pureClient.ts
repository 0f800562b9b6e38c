import { CreateAccountStatus, CreateTransferStatus, RequestError } from 'tigerbeetle-node'
import type {
  Client,
  ClientPackage,
  TheirAccount,
  TheirAccountFilter,
  TheirBalance,
  TheirQueryFilter,
  TheirTransfer,
} from '../../adapters/ledger/tigerbeetle/wire.ts'
import { createMachine, type Machine } from '../../gateway/ledger/machine/machine.ts'
import { accountBalances, accountTransfers, queryAccounts, queryTransfers } from '../../gateway/ledger/machine/queries.ts'
import type { Account, AccountBalances, Transfer } from '../../gateway/ports/ledger.ts'

/** One request as the stand-in got it. */
export type SeenRequest = Readonly<{ operation: string; size: number }>

/** A stand-in for the client of `tigerbeetle-node`, in this process and over our own machine. It is not TigerBeetle, and shows nothing about it. */
export type PureClient = Readonly<{
  load: () => Promise<ClientPackage>
  machine: Machine
  requests: readonly SeenRequest[]
  clients: () => number
  /** From now on requests take effect but are not answered, until `answer` is called. */
  hold(): void
  answer(): void
  /** The next request is applied and rejected with this code. */
  fail(code: RequestError['code']): void
}>

/** A server and its clients in one. `nowNs` is the server's clock. */
export function pureClient(nowNs: () => bigint = () => BigInt(Date.now()) * 1_000_000n): PureClient {
  const machine = createMachine()
  const requests: SeenRequest[] = []
  let clients = 0
  let held: Promise<void> | undefined
  let release = (): void => {}
  let failure: RequestError['code'] | undefined

  function createClient(): Client {
    clients += 1
    const abort = new AbortController()

    async function answer<R>(operation: string, size: number, apply: () => R): Promise<R> {
      requests.push({ operation, size })
      if (abort.signal.aborted) throw new RequestError('ERR_CLIENT_CLOSED')
      const result = apply()
      const code = failure
      failure = undefined
      if (code) throw new RequestError(code)
      const closed = new Promise<never>((_, reject) =>
        abort.signal.addEventListener('abort', () => reject(new RequestError('ERR_CLIENT_CLOSED'))),
      )
      await Promise.race([held, closed])
      return result
    }

    return {
      createAccounts: (batch) =>
        answer('createAccounts', batch.length, () => {
          machine.expire(nowNs())
          return machine.createAccounts(batch.map(ourAccount), nowNs()).map((r) => ({ ...r, status: CreateAccountStatus[r.status] }))
        }),
      createTransfers: (batch) =>
        answer('createTransfers', batch.length, () => {
          machine.expire(nowNs())
          return machine.createTransfers(batch.map(ourTransfer), nowNs()).map((r) => ({ ...r, status: CreateTransferStatus[r.status] }))
        }),
      lookupAccounts: (ids) => answer('lookupAccounts', ids.length, () => ids.flatMap((id) => machine.account(id) ?? []).map(theirAccount)),
      lookupTransfers: (ids) =>
        answer('lookupTransfers', ids.length, () => ids.flatMap((id) => machine.transfer(id) ?? []).map(theirTransfer)),
      getAccountTransfers: (f) =>
        answer('getAccountTransfers', 1, () => accountTransfers(machine.state, ourAccountFilter(f)).map(theirTransfer)),
      getAccountBalances: (f) =>
        answer('getAccountBalances', 1, () => accountBalances(machine.state, ourAccountFilter(f)).map(theirBalances)),
      queryAccounts: (f) => answer('queryAccounts', 1, () => queryAccounts(machine.state, ourQueryFilter(f)).map(theirAccount)),
      queryTransfers: (f) => answer('queryTransfers', 1, () => queryTransfers(machine.state, ourQueryFilter(f)).map(theirTransfer)),
      destroy: () => abort.abort(),
    }
  }

  return {
    load: async () => ({ createClient, CreateAccountStatus, CreateTransferStatus }),
    machine,
    requests,
    clients: () => clients,
    hold() {
      held = new Promise((resolve) => {
        release = resolve
      })
    },
    answer() {
      held = undefined
      release()
    },
    fail(code) {
      failure = code
    },
  }
}

function ourAccount(a: TheirAccount) {
  const { id, ledger, code, flags, timestamp, reserved } = a
  return {
    id,
    ledger,
    code,
    flags,
    timestamp,
    reserved,
    userData128: a.user_data_128,
    userData64: a.user_data_64,
    userData32: a.user_data_32,
    debitsPending: a.debits_pending,
    debitsPosted: a.debits_posted,
    creditsPending: a.credits_pending,
    creditsPosted: a.credits_posted,
  }
}

function ourFilter(f: TheirAccountFilter | TheirQueryFilter) {
  const { code, limit, flags } = f
  return {
    code,
    limit,
    flags,
    timestampMin: f.timestamp_min,
    timestampMax: f.timestamp_max,
    userData128: f.user_data_128,
    userData64: f.user_data_64,
    userData32: f.user_data_32,
  }
}

function ourAccountFilter(f: TheirAccountFilter) {
  return { ...ourFilter(f), accountId: f.account_id }
}

function ourQueryFilter(f: TheirQueryFilter) {
  return { ...ourFilter(f), ledger: f.ledger }
}

function theirBalances(b: AccountBalances): TheirBalance {
  return {
    debits_pending: b.debitsPending,
    debits_posted: b.debitsPosted,
    timestamp: b.timestamp,
    credits_pending: b.creditsPending,
    credits_posted: b.creditsPosted,
  }
}

function ourTransfer(t: TheirTransfer) {
  const { id, amount, timeout, ledger, code, flags, timestamp } = t
  return {
    id,
    amount,
    timeout,
    ledger,
    code,
    flags,
    timestamp,
    debitAccountId: t.debit_account_id,
    creditAccountId: t.credit_account_id,
    pendingId: t.pending_id,
    userData128: t.user_data_128,
    userData64: t.user_data_64,
    userData32: t.user_data_32,
  }
}

function theirAccount(a: Account): TheirAccount {
  const { id, ledger, code, flags, timestamp } = a
  return {
    id,
    ledger,
    code,
    flags,
    timestamp,
    reserved: 0,
    debits_pending: a.debitsPending,
    debits_posted: a.debitsPosted,
    credits_pending: a.creditsPending,
    credits_posted: a.creditsPosted,
    user_data_128: a.userData128,
    user_data_64: a.userData64,
    user_data_32: a.userData32,
  }
}

function theirTransfer(t: Transfer): TheirTransfer {
  const { id, amount, timeout, ledger, code, flags, timestamp } = t
  return {
    id,
    amount,
    timeout,
    ledger,
    code,
    flags,
    timestamp,
    debit_account_id: t.debitAccountId,
    credit_account_id: t.creditAccountId,
    pending_id: t.pendingId,
    user_data_128: t.userData128,
    user_data_64: t.userData64,
    user_data_32: t.userData32,
  }
}
