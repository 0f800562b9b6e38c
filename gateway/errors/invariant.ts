/**
 * Stops on an impossible state. Never used for bad input: that is a GatewayError. A message that has to be put together is a function where many
 * pass by.
 */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${typeof message === 'string' ? message : message()}`)
}

/** Makes the compiler prove that a switch handles every case. */
export function unreachable(value: never): never {
  throw new Error(`unreachable value ${JSON.stringify(value)}`)
}
