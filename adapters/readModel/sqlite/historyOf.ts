/** Walks an account's changes from the newest back: each names the one before it. Values: account, first change, how many to skip, limit. */
export function historyOf(changes: string): string {
  return `
    WITH RECURSIVE of (account, start, skip, most) AS (VALUES (?, ?, ?, ?)),
    walk (n, step) AS (
      SELECT start, 0 FROM of WHERE start > 0
      UNION ALL
      SELECT CASE WHEN c.debit = of.account THEN c.debit_before ELSE c.credit_before END, step + 1
      FROM walk JOIN of JOIN changes c ON c.n = walk.n
      WHERE step + 1 < of.most + of.skip AND CASE WHEN c.debit = of.account THEN c.debit_before ELSE c.credit_before END > 0
    )
    ${changes} WHERE c.n IN (SELECT walk.n FROM walk JOIN of WHERE walk.step >= of.skip) ORDER BY c.n DESC`
}
