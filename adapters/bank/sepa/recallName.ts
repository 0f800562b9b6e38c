const PLAIN = /^rcl_[A-Za-z0-9]{1,32}$/

/** What the bank calls a recall: its id without the underscore, which SEPA does not carry; at most 35 characters, and never the name of a payment. */
export function recallNameOf(id: string): string {
  if (!PLAIN.test(id)) throw new Error(`invariant broken: "${id.slice(0, 40)}" is not the id of a recall`)
  return id.replace('_', '')
}
