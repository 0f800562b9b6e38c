/** What GET /v1/suspense says, as far as it is printed. */
type Amount = Readonly<{ asset: string; amount: string }>
export type SuspenseAction = Readonly<{
  id: string
  status: string
  what: string
  amount: Amount
  by: string
  reason: string
  item?: string
}>
export type SuspenseList = Readonly<{
  data: readonly Readonly<{
    id: string
    amount: Amount
    reference: string
    payer: string
    remittance: string
    note: string
    at: string
    suggestions: readonly Readonly<{ assign: string; why: string }>[]
  }>[]
  waiting: readonly SuspenseAction[]
  problems: readonly Readonly<{ rail: string; what: string; detail: string }>[]
}>

/** The list for people: what can be done at once comes first, each item with the command that its likeliest owner would need. */
export function listText({ data, waiting, problems }: SuspenseList): string {
  const likely = [...data].sort((a, b) => Math.sign(b.suggestions.length - a.suggestions.length)) // not money: an order of lines
  const items = likely.flatMap((item) => [
    `${item.id}  ${item.amount.amount} ${item.amount.asset}  ${item.at}`,
    `    from ${item.payer || 'nobody named'}, reference ${item.reference || 'none'}: ${item.note}`,
    // Quoted: a stranger's words, which may hold what moves a terminal's cursor.
    ...(item.remittance === '' ? [] : [`    wrote ${JSON.stringify(item.remittance)}`]),
    ...item.suggestions.map(({ assign, why }) => `    likely: switchyard suspense assign '${item.id}' --to ${assign}   (${why})`),
  ])
  return [
    ...(items.length > 0 ? items : ['nothing waits in suspense']),
    ...waiting.map(
      (a) => `${a.id} waits for a second operator: ${a.what} ${a.amount.amount} ${a.amount.asset}, asked by ${a.by}: ${a.reason}`,
    ),
    ...problems.map((p) => `PROBLEM ${p.rail}: ${p.what} (${p.detail})`),
  ].join('\n')
}
