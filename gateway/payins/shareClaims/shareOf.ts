import type { Split } from '../../parties/party/splits.ts'
import type { ShareProof } from '../../ports/receiver.ts'

/** The row that the payees in the books have together, with its proof; undefined where there are none. */
export function shareOf(split: Split): ShareProof | undefined {
  const account = split.payees.find((row) => row.inBooks)?.account
  const index = split.leaves.findIndex((leaf) => leaf.account === account)
  return account === undefined || index < 0 ? undefined : split.tree.share(index)
}
