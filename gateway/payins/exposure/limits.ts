/**
 * The most that answers may be worth whose money has not come, in units of USD (6 places). What is lost is used up until the next day (UTC); of a payer's
 * own line, until that payer has settled as much again.
 */
export type ExposureLimits = Readonly<{
  /** All payers together who have never settled anything. */
  newPayersUnits: bigint
  /** The payers together who have never settled anything and whose requests one known agent signs; 0: they are as all others. */
  agentUnits: bigint
  /** One payer, who moreover is never trusted with more than it has settled. */
  payerUnits: bigint
  routeUnits: bigint
  gatewayUnits: bigint
}>

export const exposureLimits: ExposureLimits = {
  newPayersUnits: 1_000_000n, // 1 USD
  agentUnits: 0n,
  payerUnits: 1_000_000n,
  routeUnits: 10_000_000n,
  gatewayUnits: 50_000_000n,
}
