import type { MoneyText } from '../../audit/receipt/moneyText.ts'
import type { Asset } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import { priceText } from '../html/priceText.ts'

/** How people read what a receipt says of assets by their ids. */
export type ReceiptNames = ReturnType<typeof receiptNames>

/** `assets`: those in use. One that is no longer is named by its id. */
export function receiptNames(assets: readonly Asset[]) {
  const known = new Map(assets.map((asset) => [asset.id, asset]))
  return {
    codeOf: (id: string) => known.get(id)?.code ?? id,
    /** As the page that was paid on says it. */
    money({ asset: id, amount }: MoneyText): string {
      const asset = known.get(id)
      return asset ? priceText(parseAmount(amount, asset)) : `${amount} ${id}`
    },
  }
}
