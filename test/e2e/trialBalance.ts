import type { Answer, Yard } from './yard.ts'

/** The whole trial balance, page by page. */
export async function trialBalanceOf<T>(yard: Yard): Promise<T[]> {
  const rows: T[] = []
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const page: Answer<{ data: T[]; next?: string }> = await yard.call('GET', `/v1/balances?limit=200&after=${after}`)
    rows.push(...page.body.data)
    after = page.body.next
  }
  return rows
}
