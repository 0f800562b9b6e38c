import type { Json } from '../../ports/books.ts'

type Tree = Readonly<Record<string, Json>>

/** What an answer was called before 2026-11-24, in `offers[].pay` of an intent. */
const PAY_BEFORE: Readonly<Record<string, string>> = {
  payment_hash: 'paymentHash',
  chain_id: 'chainId',
  token_name: 'tokenName',
  token_version: 'tokenVersion',
  split_id: 'splitId',
  pay_to: 'payTo',
  withdraw_delay_s: 'withdrawDelayS',
  deposit_min: 'depositMin',
}

/** An answer about payment intents as version 2026-11-23 spells it. */
export function spelledBefore(body: string): string {
  return JSON.stringify(JSON.parse(body), (name, value: Json) => (name === 'pay' && isTree(value) ? renamed(value) : value))
}

/** Values of a custom rail keep their names, which are the rail's. */
function renamed(tree: Tree): Tree {
  const rows = Object.entries(tree).map(([name, value]) => {
    return [PAY_BEFORE[name] ?? name, name === 'channel' && isTree(value) ? renamed(value) : value] as const
  })
  return Object.fromEntries(rows)
}

function isTree(value: Json): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
