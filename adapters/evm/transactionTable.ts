import { z } from 'zod'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { GasOffer } from './fees.ts'
import type { Store } from './store.ts'
import { address, hash32, hexData } from './wire.ts'

/** A signed form of a transaction. */
export type Signed = GasOffer & Readonly<{ hash: Hex; raw: Hex; signedAt: number }>

/** A nonce of the operator and what it was given to; `feeCap` is wei per gas. `forms` from the oldest to the newest, at least one. */
export type LiveTransaction = Readonly<{
  nonce: number
  actionId: string | null
  to: Hex
  data: Hex
  gas: bigint
  feeCap: bigint
  forms: readonly Signed[]
}>

/** A mined transaction below the finality depth. `cost` in wei; `at` in ms. */
export type FinalTransaction = Readonly<{
  nonce: number
  actionId: string | null
  hash: Hex
  block: bigint
  place: number
  cost: bigint
  at: number
}>

export type TransactionTable = ReturnType<typeof createTransactionTable>

const wei = z.string().transform((text) => BigInt(text))
const liveShape = z.object({
  nonce: z.number(),
  action_id: z.string().nullable(),
  receiver: address,
  data: hexData,
  gas: wei,
  fee_cap: wei,
})
const formShape = z.object({ hash: hash32, raw: hexData, max_fee: wei, priority_fee: wei, signed_at: z.number() })
const finalShape = z.object({
  nonce: z.number(),
  action_id: z.string().nullable(),
  hash: hash32,
  block: z.number(),
  place: z.number(),
  cost: wei,
  at: z.number(),
})

/** The operator's nonces. Writes inside `store.transact` become durable with the rest of it. */
export function createTransactionTable({ database }: Store) {
  const insert = database.prepare(
    "INSERT INTO transactions (nonce, action_id, receiver, data, gas, fee_cap, state) VALUES (?, ?, ?, ?, ?, ?, 'live')",
  )
  const insertForm = database.prepare('INSERT INTO signed (hash, nonce, raw, max_fee, priority_fee, signed_at) VALUES (?, ?, ?, ?, ?, ?)')
  const selectLive = database.prepare("SELECT * FROM transactions WHERE state = 'live' ORDER BY nonce")
  const selectForms = database.prepare('SELECT * FROM signed WHERE nonce = ? ORDER BY rowid')
  const selectFinal = database.prepare("SELECT * FROM transactions WHERE state = 'final' AND block BETWEEN ? AND ? ORDER BY block, place")
  const selectMax = database.prepare('SELECT max(nonce) AS nonce FROM transactions')
  const selectNonce = database.prepare('SELECT 1 FROM transactions WHERE nonce = ?')
  const finish = database.prepare(
    "UPDATE transactions SET state = 'final', hash = ?, block = ?, place = ?, cost = ?, at = ? WHERE nonce = ? AND state = 'live'",
  )
  const displace = database.prepare("UPDATE transactions SET state = 'displaced' WHERE nonce = ? AND state = 'live'")

  function readForms(nonce: number): Signed[] {
    return selectForms.all(nonce).map((found) => {
      const row = formShape.parse(found)
      return { hash: row.hash, raw: row.raw, maxFee: row.max_fee, priorityFee: row.priority_fee, signedAt: row.signed_at }
    })
  }

  return {
    add(transaction: LiveTransaction): void {
      const { nonce, actionId, to, data, gas, feeCap, forms } = transaction
      insert.run(nonce, actionId, to, data, gas.toString(), feeCap.toString())
      for (const form of forms) this.addForm(nonce, form)
    },
    addForm(nonce: number, form: Signed): void {
      insertForm.run(form.hash, nonce, form.raw, form.maxFee.toString(), form.priorityFee.toString(), form.signedAt)
    },
    /** All that are not final, by nonce. */
    live(): LiveTransaction[] {
      return selectLive.all().map((found) => {
        const row = liveShape.parse(found)
        const forms = readForms(row.nonce)
        invariant(forms.length > 0, `nonce ${row.nonce} has a signed transaction`)
        return { nonce: row.nonce, actionId: row.action_id, to: row.receiver, data: row.data, gas: row.gas, feeCap: row.fee_cap, forms }
      })
    },
    /** In chain order, blocks inclusive. */
    finalBetween(from: bigint, to: bigint): FinalTransaction[] {
      return selectFinal.all(from, to).map((found) => {
        const { action_id: actionId, block, ...row } = finalShape.parse(found)
        return { ...row, actionId, block: BigInt(block) }
      })
    },
    highestNonce(): number | undefined {
      return z.object({ nonce: z.number().nullable() }).parse(selectMax.get()).nonce ?? undefined
    },
    has: (nonce: number): boolean => selectNonce.get(nonce) !== undefined,
    finish(transaction: FinalTransaction): void {
      const { hash, block, place, cost, at, nonce } = transaction
      invariant(finish.run(hash, block, place, cost.toString(), at, nonce).changes === 1, `nonce ${nonce} becomes final once`)
    },
    /** Another transaction of the operator's key took the nonce, so no form of ours can ever be mined. */
    displace(nonce: number): void {
      invariant(displace.run(nonce).changes === 1, `nonce ${nonce} is displaced only while it is live`)
    },
  }
}
