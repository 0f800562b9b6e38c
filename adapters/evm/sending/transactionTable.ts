import { z } from 'zod'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { GasOffer } from '../node/fees.ts'
import { address, hash32, hexData } from '../node/wire.ts'
import type { Store } from './store.ts'
import { transactionStatements } from './transactionStatements.ts'

/** A signed form of a transaction. */
export type Signed = GasOffer & Readonly<{ hash: Hex; raw: Hex; signedAt: number }>

/** A nonce of an operator's key, by which a transaction is named. */
export type NonceOf = Readonly<{ operator: Hex; nonce: number }>

/**
 * A nonce and what it was given to, in the order of its rows, nothing where it fills a gap; `feeCap` is wei per gas. `forms` from the oldest to the newest, at
 * least one. `cancelled`: what it was for must not happen any more, so after that many forms the further ones are empty transfers; 0 when that is not so.
 */
export type LiveTransaction = NonceOf &
  Readonly<{
    actionIds: readonly string[]
    to: Hex
    data: Hex
    gas: bigint
    feeCap: bigint
    cancelled: number
    forms: readonly Signed[]
  }>

/** A mined transaction below the finality depth. `cost` in wei; `at` in ms. */
export type FinalTransaction = NonceOf &
  Readonly<{
    actionIds: readonly string[]
    hash: Hex
    block: bigint
    blockHash: Hex
    place: number
    cost: bigint
    at: number
  }>

/** A nonce that went to a transaction which is not held here. */
export type DisplacedNonce = NonceOf & Readonly<{ taker: Hex }>

export type TransactionTable = ReturnType<typeof createTransactionTable>

const wei = z.string().transform((text) => BigInt(text))
const liveShape = z.object({
  operator: address,
  nonce: z.number(),
  action_id: z.string().nullable(),
  receiver: address,
  data: hexData,
  gas: wei,
  fee_cap: wei,
  cancelled: z.number(),
})
const formShape = z.object({ hash: hash32, raw: hexData, max_fee: wei, priority_fee: wei, signed_at: z.number() })
const blockShape = z.object({ block: z.number(), hash: hash32 }).transform(({ block, hash }) => ({ number: BigInt(block), hash }))
const takenShape = z.object({ operator: address, nonce: z.number(), taker: hash32 })
const nonceShape = z.object({ operator: address, nonce: z.number() })
const onlyNonce = z.object({ nonce: z.number() }).optional()
const finalShape = z.object({
  operator: address,
  nonce: z.number(),
  action_id: z.string().nullable(),
  hash: hash32,
  block: z.number(),
  block_hash: hash32,
  place: z.number(),
  cost: wei,
  at: z.number(),
})

/** The operators' nonces. Writes inside `store.transact` become durable with the rest of it. */
export function createTransactionTable({ database }: Store) {
  const sql = transactionStatements(database)

  return {
    add(transaction: LiveTransaction): void {
      const { operator, nonce, actionIds, to, data, gas, feeCap, forms } = transaction
      const together = actionIds.length > 1 ? actionIds : []
      const sole = actionIds.length === 1 ? actionIds[0]! : null
      sql.insert.run(operator, nonce, sole, to, data, gas.toString(), feeCap.toString())
      for (const [place, id] of together.entries()) sql.insertCarried.run(operator, nonce, place, id)
      for (const form of forms) this.addForm(transaction, form)
    },
    addForm({ operator, nonce }: NonceOf, form: Signed): void {
      sql.insertForm.run(form.hash, operator, nonce, form.raw, form.maxFee.toString(), form.priorityFee.toString(), form.signedAt)
    },
    /** All that are not final, by operator and nonce. */
    live(): LiveTransaction[] {
      return sql.selectLive.all().map((found) => {
        const { action_id: sole, receiver: to, fee_cap: feeCap, ...row } = liveShape.parse(found)
        const forms = readForms(sql, row)
        invariant(forms.length > 0, `nonce ${row.nonce} has a signed transaction`)
        return { ...row, actionIds: carriedBy(sql, { ...row, sole }), to, feeCap, forms }
      })
    },
    /** The hashes of all that was ever signed for an action, alone or with others, from the oldest to the newest. */
    signedFor: (actionId: string): Hex[] => sql.selectSignedFor.all(actionId).map(({ hash }) => hash32.parse(hash)),
    /** In chain order, blocks inclusive. */
    finalBetween(from: bigint, to: bigint): FinalTransaction[] {
      return sql.selectFinal.all(from, to).map((found) => {
        const { action_id: sole, block_hash: blockHash, block, ...row } = finalShape.parse(found)
        return { ...row, actionIds: carriedBy(sql, { ...row, sole }), blockHash, block: BigInt(block) }
      })
    },
    /** The newest blocks that made transactions final, newest first. */
    finalBlocks: (limit: number): z.infer<typeof blockShape>[] => sql.selectFinalBlocks.all(limit).map((found) => blockShape.parse(found)),
    /** Of all but those left behind. */
    highestNonce: (operator: Hex): number | undefined => onlyNonce.parse(sql.selectMax.get(operator))?.nonce,
    /** The highest that the chain is known to have spent: on a transaction of ours that is final, or on another one. */
    highestSpent: (operator: Hex): number | undefined => onlyNonce.parse(sql.selectSpent.get(operator))?.nonce,
    /** True when it is the hash of something that was signed here. */
    isOurs: (hash: string): boolean => sql.selectSigned.get(hash) !== undefined,
    /** How many nonces of a range have a row; `to` is not in it. */
    countBetween: ({ operator, from, to }: Readonly<{ operator: Hex; from: number; to: number }>): number =>
      Number(sql.countBetween.get(operator, from, to)?.found), // not money: a count
    has: ({ operator, nonce }: NonceOf): boolean => sql.selectNonce.get(operator, nonce) !== undefined,
    finish(transaction: FinalTransaction): void {
      const { hash, block, blockHash, place, cost, at, operator, nonce } = transaction
      const { changes } = sql.finish.run(hash, block, blockHash, place, cost.toString(), at, operator, nonce)
      invariant(changes === 1, `nonce ${nonce} becomes final once`)
    },
    /** Another transaction of the operator's key took the nonce, so no form of ours can ever be mined. */
    displace({ operator, nonce }: NonceOf, taker: Hex): void {
      invariant(sql.displace.run(taker, operator, nonce).changes === 1, `nonce ${nonce} is displaced only while it is live`)
    },
    /** The nonce that an action had last and lost, and what took it. */
    displaced: (actionId: string): DisplacedNonce | undefined => takenShape.optional().parse(sql.selectTaken.get(actionId)),
    ...leftBehindRows(sql),
    /** From here on its forms do nothing. */
    cancel({ operator, nonce, forms }: LiveTransaction): void {
      invariant(sql.cancel.run(forms.length, operator, nonce).changes === 1, `nonce ${nonce} is cancelled only while it is live`)
    },
    /** What was final in this block or above is live again: those blocks were replaced. */
    revive(fromBlock: bigint): void {
      sql.revive.run(fromBlock)
    },
  }
}

type Statements = ReturnType<typeof transactionStatements>

function readForms(sql: Statements, { operator, nonce }: NonceOf): Signed[] {
  return sql.selectForms.all(operator, nonce).map((found) => {
    const row = formShape.parse(found)
    return { hash: row.hash, raw: row.raw, maxFee: row.max_fee, priorityFee: row.priority_fee, signedAt: row.signed_at }
  })
}

/** The actions of a row, which names one itself. */
function carriedBy(sql: Statements, { operator, nonce, sole }: NonceOf & Readonly<{ sole: string | null }>): readonly string[] {
  return sole === null ? sql.selectCarried.all(operator, nonce).map((row) => String(row.action_id)) : [sole]
}

function leftBehindRows(sql: Statements) {
  return {
    /** Too far above the chain to be waited for: it is live no more until the chain has counted it. */
    leaveBehind: ({ operator, nonce }: NonceOf): void => void sql.leaveBehind.run(operator, nonce),
    /** Those left behind that the chain has counted after all are live again. True when there are any. */
    reach: (operator: Hex, count: number): boolean => sql.reach.run(operator, count).changes > 0,
    /** The lowest nonce of the operator that is left behind. */
    firstLeftBehind: (operator: Hex): number | undefined => onlyNonce.parse(sql.selectFirstLeft.get(operator))?.nonce,
    /** The nonce left behind that an action has. */
    leftBehind: (actionId: string): NonceOf | undefined => nonceShape.optional().parse(sql.selectLeft.get(actionId)),
  }
}
