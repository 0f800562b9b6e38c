import type { Account, AccountBalances, CreateResult, Transfer } from '../../../gateway/ports/ledger.ts'
import type { Operation } from './requestQueue.ts'
import { toAccount, toAccountResult, toBalances, toTransfer, toTransferResult } from './translate.ts'
import type { Client, ClientPackage, TheirAccount, TheirAccountFilter, TheirQueryFilter, TheirTransfer } from './wire.ts'

/** What a request consists of, of the kind that its operation wants. */
export type Event = TheirAccount | TheirTransfer | bigint | TheirAccountFilter | TheirQueryFilter

/** A row of a query's answer. */
export type Row = Account | Transfer | AccountBalances

/** What is answered for one event: a query's one answer is its rows. */
export type Result = CreateResult<string> | Account | Transfer | undefined | Row[]

/** Makes one request and translates its answer: one result per event. */
export async function sendRequest(
  theirs: ClientPackage,
  client: Client,
  operation: Operation,
  events: readonly Event[],
): Promise<Result[]> {
  // Each operation has events of its own kind; the engine makes them.
  switch (operation) {
    case 'createAccounts':
      return (await client.createAccounts(events as TheirAccount[])).map((result) => toAccountResult(theirs, result))
    case 'createTransfers':
      return (await client.createTransfers(events as TheirTransfer[])).map((result) => toTransferResult(theirs, result))
    case 'lookupAccounts':
      return aligned(events as bigint[], (await client.lookupAccounts(distinct(events as bigint[]))).map(toAccount))
    case 'lookupTransfers':
      return aligned(events as bigint[], (await client.lookupTransfers(distinct(events as bigint[]))).map(toTransfer))
    case 'getAccountTransfers':
      return [(await client.getAccountTransfers(events[0] as TheirAccountFilter)).map(toTransfer)]
    case 'getAccountBalances':
      return [(await client.getAccountBalances(events[0] as TheirAccountFilter)).map(toBalances)]
    case 'queryAccounts':
      return [(await client.queryAccounts(events[0] as TheirQueryFilter)).map(toAccount)]
    case 'queryTransfers':
      return [(await client.queryTransfers(events[0] as TheirQueryFilter)).map(toTransfer)]
  }
}

function distinct(ids: readonly bigint[]): bigint[] {
  return [...new Set(ids)]
}

/** What was found, one place per id: the server leaves out what it does not know. */
function aligned<T extends { id: bigint }>(ids: readonly bigint[], found: readonly T[]): (T | undefined)[] {
  const byId = new Map(found.map((item) => [item.id, item]))
  return ids.map((id) => byId.get(id))
}
