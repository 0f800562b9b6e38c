import type { Pass } from './pass.ts'
import type { PassRecords } from './passRecords.ts'

type Records = Pick<PassRecords, 'get' | 'open' | 'openCount' | 'onChange'>

/**
 * Who may sell another pass, of `openMax` that are open at once: a seller has at most as many open as are free. One alone has half of all, and however
 * many take what they can, whoever comes next finds as much as each of them has.
 */
export function createSellerShares(records: Records, openMax: number) {
  const sellers = new Map<string, string>()
  const counts = new Map<string, number>()
  let isCounted = false

  function add({ id, seller }: Pass, change: 1 | -1): void {
    if (change > 0) sellers.set(id, seller)
    else sellers.delete(id)
    const count = (counts.get(seller) ?? 0) + change
    if (count === 0) counts.delete(seller)
    else counts.set(seller, count)
  }

  records.onChange((id) => {
    const pass = records.get(id)
    if (isCounted && pass && sellers.has(id) === pass.ended) add(pass, pass.ended ? -1 : 1)
  })

  return {
    hasRoom(seller: string): boolean {
      // Not before it is asked for: the books tell nobody what a snapshot of theirs brings.
      if (!isCounted) for (const pass of records.open()) add(pass, 1)
      isCounted = true
      return (counts.get(seller) ?? 0) < openMax - records.openCount()
    },
  }
}
