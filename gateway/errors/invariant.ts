/** Stops on an impossible state. Never used for bad input: that is a GatewayError. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}

/** Makes the compiler prove that a switch handles every case. */
export function unreachable(value: never): never {
  throw new Error(`unreachable value ${JSON.stringify(value)}`)
}
