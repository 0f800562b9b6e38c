import type { AuthenticatedLnd } from 'lightning'
import { z } from 'zod'
import { lndCall } from '../node/lndCall.ts'

/** A wallet of many years is long to list. */
const CALL_DEADLINE_MS = 20_000
/** LND's word for "up to now, and what is in no block yet". */
const NEWEST = -1

/** One transaction of LND's wallet. Satoshi. */
export type WalletTransaction = Readonly<{
  id: string
  /** Its block; undefined while it is in none. */
  height: number | undefined
  /** What it changed in the wallet, its fee included. */
  sats: bigint
  /** What LND wrote beside it, or whoever sent it: a hint, and no proof. */
  label: string
  inputs: readonly Readonly<{ outpoint: string; ours: boolean }>[]
  outputs: readonly Readonly<{ outpoint: string; sats: bigint; ours: boolean }>[]
}>

const whole = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt)
const answer = z.object({
  transactions: z.array(
    z
      .object({
        tx_hash: z.string(),
        block_height: z.number(),
        amount: whole,
        label: z.string(),
        previous_outpoints: z.array(z.object({ outpoint: z.string(), is_our_output: z.boolean() })),
        output_details: z.array(z.object({ output_index: whole, amount: whole, is_our_address: z.boolean() })),
      })
      .transform(
        (found): WalletTransaction => ({
          id: found.tx_hash,
          height: found.block_height > 0 ? found.block_height : undefined,
          sats: found.amount,
          label: found.label,
          inputs: found.previous_outpoints.map(({ outpoint, is_our_output: ours }) => ({ outpoint, ours })),
          outputs: found.output_details.map(({ output_index, amount, is_our_address: ours }) => ({
            outpoint: `${found.tx_hash}:${output_index}`,
            sats: amount,
            ours,
          })),
        }),
      ),
  ),
})

/** The transactions in blocks after a height, and those in none. Throws `LndError`. */
export function transactionsAfter(lnd: AuthenticatedLnd, height: number): Promise<WalletTransaction[]> {
  return listTransactions(lnd, { start_height: height + 1, end_height: NEWEST })
}

/** The transactions in blocks up to a height. Throws `LndError`. */
export function transactionsUpTo(lnd: AuthenticatedLnd, height: number): Promise<WalletTransaction[]> {
  return listTransactions(lnd, { start_height: 0, end_height: height })
}

/** GetTransactions as LND answers it: the client leaves out whose the outputs are. */
function listTransactions(lnd: AuthenticatedLnd, range: Readonly<{ start_height: number; end_height: number }>) {
  // The client hands out its gRPC stubs without types; what comes back is checked.
  const rpc = lnd.default as { getTransactions: (request: object, done: (error: unknown, found: unknown) => void) => void }
  const call = () =>
    new Promise<WalletTransaction[]>((resolve, reject) => {
      rpc.getTransactions(range, (error, found) => {
        if (error) return reject([503, 'UnexpectedGetTransactionsError', { err: error }])
        const parsed = answer.safeParse(found)
        if (parsed.success) resolve(parsed.data.transactions)
        else reject([503, 'UnexpectedShapeOfTransactions'])
      })
    })
  return lndCall('the transactions of its wallet', CALL_DEADLINE_MS, call)
}
